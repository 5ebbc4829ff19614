import EngineSupport
import ONNXFormat

/// A graph with every name resolved to a place: what an `Execution` walks through.
///
/// Places are numbered over the whole model, so a sub-graph reads the values around it by their places.
struct EvaluationProgram: Sendable {
  struct Step: Sendable {
    var node: ONNXNode
    var opset: Int
    var family: any Operator.Type
    /// Made once where no parameter depends on what runs before.
    var operation: (any Operator)?
    var operands: [Int?]
    var parameters: [(name: String, place: Int)]
    var results: [Int?]
    var bodies: [String: EvaluationProgram]
    /// Places that nothing reads after this step.
    var releases: [Int] = []
  }

  var inputs: [Int] = []
  var outputs: [Int] = []
  var steps: [Step] = []
  /// Places outside this program that it or its bodies read.
  var captures: Set<Int> = []
}
