import EngineSupport
import Foundation

/// A list of models with properties to check: VNN-COMP's instance files, or a table with named columns.
struct InstanceList {
  struct Instance {
    var model: String
    var property: String
    var seconds: Double?
    var expected: ExitStatus?
  }

  var all: [Instance] = []

  /// Errors: `certify.list.malformed` for a line without two paths or with a number that is none.
  init(reading document: InputDocument) throws {
    let text = try document.text()
    let folder = URL(fileURLWithPath: document.name).deletingLastPathComponent()
    var columns = (model: 0, property: 1, seconds: 2, expected: -1)
    for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated()
    {
      let cells = Self.cells(line)
      guard !cells.allSatisfy(\.isEmpty) else { continue }
      if index == 0, let model = cells.firstIndex(of: "onnx"),
        let property = cells.firstIndex(of: "vnnlib")
      {
        columns = (
          model, property, cells.firstIndex(of: "timeout") ?? -1,
          cells.firstIndex(of: "consensus") ?? -1
        )
        continue
      }
      let place = SourceLocation(document: document.name, line: index + 1)
      func cell(_ column: Int) -> String? {
        column >= 0 && column < cells.count && !cells[column].isEmpty ? cells[column] : nil
      }
      guard let model = cell(columns.model), let property = cell(columns.property) else {
        throw Diagnostic(
          "certify.list.malformed", "the line does not name a model and a property", at: place)
      }
      var instance = Instance(
        model: folder.appendingPathComponent(model).path,
        property: folder.appendingPathComponent(property).path)
      if let text = cell(columns.seconds) {
        guard let seconds = Double(text), seconds > 0, seconds <= 1e6 else {
          throw Diagnostic(
            "certify.list.malformed", "\"\(text)\" is not a number of seconds", at: place)
        }
        instance.seconds = seconds
      }
      switch cell(columns.expected) {
      case "sat": instance.expected = .gateHit
      case "unsat": instance.expected = .clean
      default: break
      }
      all.append(instance)
    }
  }

  /// Tabs separate cells where there are any, commas otherwise.
  private static func cells(_ line: Substring) -> [String] {
    line.split(separator: line.contains("\t") ? "\t" : ",", omittingEmptySubsequences: false)
      .map { $0.trimmingCharacters(in: .whitespaces) }
  }
}
