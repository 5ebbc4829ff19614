import AssessmentPipeline
import EngineSupport
import Foundation
import ModelTesting

/// The bundled sample product as bytes in memory, so that tests can change them before an assessment.
struct SampleProduct {
  static let root = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
  static let folder = root.appendingPathComponent("samples/handheld-terminal")

  static let drawing = "handheld-terminal.drawio"
  static let model = "../../models/gauge-reader/model.onnx"
  static let card = "../../models/gauge-reader/card.cdx.json"
  static let data = "../../models/gauge-reader/eval.npz"
  static let plan = "../../models/gauge-reader/test-plan.yaml"

  var product: InputDocument
  var documents: [String: InputDocument]

  init() throws {
    product = InputDocument(
      name: "bartizan.yaml",
      bytes: [UInt8](try Data(contentsOf: Self.folder.appendingPathComponent("bartizan.yaml"))))
    documents = [:]
    for path in [
      Self.drawing, Self.model, Self.card, Self.plan, Self.data, "evidence/BL-17.txt",
    ] {
      documents[path] = InputDocument(
        name: path, bytes: [UInt8](try Data(contentsOf: Self.folder.appendingPathComponent(path))))
    }
  }

  /// The product file with `old` replaced by `new`.
  mutating func edit(_ old: String, _ new: String) {
    let text = String(decoding: product.bytes, as: UTF8.self)
    precondition(text.contains(old), "the sample does not contain \"\(old)\"")
    product.bytes = Array(text.replacingOccurrences(of: old, with: new).utf8)
  }

  mutating func edit(_ document: String, _ old: String, _ new: String) {
    let text = String(decoding: documents[document]?.bytes ?? [], as: UTF8.self)
    precondition(text.contains(old), "\(document) does not contain \"\(old)\"")
    documents[document]?.bytes = Array(text.replacingOccurrences(of: old, with: new).utf8)
  }

  func assess(jobs: Int = 2, samples: Int? = 24, seed: UInt64 = 1) throws -> AssessmentResult {
    var diagnostics = Diagnostics()
    let file = try ProductFile(reading: product, reportingTo: &diagnostics)
    if diagnostics.hasErrors { throw BadInput(diagnostics.all) }
    return try Assessment(
      of: file, from: product, documents: documents,
      options: AssessmentOptions(jobs: jobs, seed: seed, profile: .quick, sampleLimit: samples)
    ).run()
  }
}
