import EngineSupport
import ONNXFormat

/// What of a classifier is no real number: its label, whatever is made of the label alone, and maps of scores.
///
/// A plan holds scores. It leaves a label out where they decide it, as exporters put both into a file.
extension NetworkPlanner {
  /// A label or a place.
  struct Label {
    /// The node that makes it.
    var node: ONNXNode
    /// Whether the node's scores decide it.
    var isDecidedByScores: Bool
    /// The value whose greatest element it is; nil where the node itself has scores.
    var greatestOf: Int?
  }

  /// Plans a node without real results. True if nothing is left to do.
  mutating func addLabels(
    _ node: ONNXNode, _ family: any Operator.Type, at index: Int
  ) throws(Diagnostic) -> Bool {
    if node.subgraphs.isEmpty, node.inputs.contains(where: { labels[$0] != nil }) {
      return try follow(node, at: index)
    }
    let isMap = family is FeatureEncoding.Type && node.operation == "ZipMap"
    guard isMap || family is ExtremumSearch.Type, node.inputs.count == 1,
      !node.outputs[0].isEmpty,
      case .value(let value) = try meaning(of: node.inputs[0], readBy: node, at: index)
    else { return false }
    let reader = OperatorNode(node, opset: opset(of: node))
    if isMap {
      _ = try FeatureEncoding(reader)
      meanings[node.outputs[0]] = .value(value)
      maps.insert(node.outputs[0])
      return true
    }
    let shape = plan.values[value].shape
    _ = try ExtremumSearch(reader)
    let axis = try reader.axis(try reader.int("axis") ?? 0, rank: shape.count)
    guard node.operation == "ArgMax", axis == shape.count - 1, shape[axis] > 1,
      shape.dropLast().allSatisfy({ $0 == 1 }), try !reader.flag("select_last_index")
    else { return false }
    labels[node.outputs[0]] = Label(node: node, isDecidedByScores: true, greatestOf: value)
    return true
  }

  /// What a node makes of labels and constants is a label too: whatever decides them decides it.
  private mutating func follow(_ node: ONNXNode, at index: Int) throws(Diagnostic) -> Bool {
    var followed: Label?
    for name in node.inputs where !name.isEmpty {
      guard let label = labels[name] else {
        if case .value = try meaning(of: name, readBy: node, at: index) { return false }
        continue
      }
      if let known = followed, known.greatestOf != label.greatestOf {
        followed?.isDecidedByScores = false
      }
      followed = followed ?? label
      if !label.isDecidedByScores { followed?.isDecidedByScores = false }
    }
    guard let followed else { return false }
    for name in node.outputs where !name.isEmpty {
      labels[name] = followed
      // In a branch the label hides what the name meant around it.
      meanings[name] = nil
    }
    return true
  }

  /// Whether an output of the graph is a label; notes it. Errors: `onnx.operator.data-dependent` where the scores,
  /// the first output of real numbers, do not decide it.
  func isLabel(
    _ output: ONNXValue, besides scores: Int?, reportingTo diagnostics: inout Diagnostics
  ) throws(Diagnostic) -> Bool {
    guard let label = labels[output.name] else { return false }
    let isOfTheScores =
      label.greatestOf.map { value in scores.map { origin($0) == origin(value) } ?? false } ?? true
    guard label.isDecidedByScores, isOfTheScores else {
      throw Diagnostic(
        "onnx.operator.data-dependent",
        "output \"\(output.name)\" of \(label.node.operation) is no real number, and the scores "
          + "do not decide it: the model can be run, but not planned", at: label.node.location)
    }
    note(
      output, "onnx.output.label", "is a label: the scores that decide it stand for it",
      reportingTo: &diagnostics)
    return true
  }

  /// Notes an output of the graph that is a sequence of maps.
  func noteMap(_ output: ONNXValue, reportingTo diagnostics: inout Diagnostics) {
    guard maps.contains(output.name) else { return }
    note(
      output, "onnx.output.map",
      "is a sequence of maps: their scores, in the order of the keys, stand for it",
      reportingTo: &diagnostics)
  }

  private func note(
    _ output: ONNXValue, _ code: Diagnostic.Code, _ text: String,
    reportingTo diagnostics: inout Diagnostics
  ) {
    diagnostics.report(
      Diagnostic(.note, code, "output \"\(output.name)\" \(text)", at: location(of: output)))
  }

  func location(of output: ONNXValue) -> SourceLocation {
    SourceLocation(document: graphLocation.document, path: "output \"\(output.name)\"")
  }

  /// The value that steps which pass it on have it from.
  private func origin(_ value: Int) -> Int { origins[value] ?? value }
}
