import Foundation
import Reporting

/// Places nodes and edges with Graphviz's `dot`.
struct GraphvizLayout: GraphLayout {
  private static let dot = ExternalProgram(name: "dot", arguments: ["-Tplain"], secondsAtMost: 60)

  func place(_ source: String) throws -> String {
    let answer = try Self.dot.answer(to: source)
    guard !answer.isMissing else {
      throw WorldFailure(
        description: "Graphviz is not installed: the report's picture needs its command `dot`")
    }
    guard answer.status == 0, let text = String(data: answer.output, encoding: .utf8) else {
      let end = answer.status.map { "ended with status \($0)" } ?? "was ended before it answered"
      throw WorldFailure(description: "dot \(end)")
    }
    return text
  }
}
