import Foundation
import Reporting

/// A layout for tests that needs no tool: nodes in one column, edges as straight curves.
struct GridLayout: GraphLayout {
  func place(_ dotSource: String) throws -> String {
    var nodes: [(name: Substring, width: Double, height: Double)] = []
    var edges: [(Substring, Substring)] = []
    for line in dotSource.split(separator: "\n") {
      let words = line.split(whereSeparator: { " [];,".contains($0) })
      if words.count == 3, words[1] == "->" {
        edges.append((words[0], words[2]))
      } else if words.count == 3, let width = value("width=", in: words[1]),
        let height = value("height=", in: words[2])
      {
        nodes.append((words[0], width, height))
      }
    }
    let total = nodes.reduce(0) { $0 + $1.height + 0.5 }
    var text = "graph 1 10 \(total)\n"
    var y = 0.0
    for node in nodes {
      text +=
        "node \(node.name) 5 \(y) \(node.width) \(node.height) \"\" solid box black lightgrey\n"
      y += node.height + 0.5
    }
    for edge in edges { text += "edge \(edge.0) \(edge.1) 4 5 0 5 1 6 1 6 2 solid black\n" }
    return text + "stop\n"
  }

  private func value(_ key: String, in word: Substring) -> Double? {
    word.hasPrefix(key) ? Double(word.dropFirst(key.count)) : nil
  }
}

/// Graphviz's own `dot`, where it is installed.
struct InstalledGraphviz: GraphLayout {
  static let path = "/usr/bin/dot"
  static var isInstalled: Bool { FileManager.default.isExecutableFile(atPath: path) }

  func place(_ dotSource: String) throws -> String {
    let file = FileManager.default.temporaryDirectory
      .appendingPathComponent("bartizan-\(UUID().uuidString).dot")
    defer { try? FileManager.default.removeItem(at: file) }
    try Data(dotSource.utf8).write(to: file)
    let process = Process()
    process.executableURL = URL(fileURLWithPath: Self.path)
    process.arguments = ["-Tplain", file.path]
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    let placed = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return String(decoding: placed, as: UTF8.self)
  }
}
