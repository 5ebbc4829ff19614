package import EngineSupport
import TensorCore

/// Scan: a sub-graph run once for each slice of its inputs; states are carried from slice to slice, and
/// outputs are stacked.
package struct Scanning: ControlOperator {
  package static let signatures = [
    OperatorSignature(
      "Scan", opsets: 7...8, operands: 1...4_096, placed: [0: "sequence_lens"],
      attributes: ["body", "directions", "num_scan_inputs"], results: 4_096),
    OperatorSignature(
      "Scan", opsets: 9...OperatorSignature.newestOpset, operands: 1...4_096,
      attributes: [
        "body", "num_scan_inputs", "scan_input_axes", "scan_input_directions", "scan_output_axes",
        "scan_output_directions",
      ], results: 4_096),
  ]

  private let node: OperatorNode
  private let scanCount: Int
  private let inputAxes: [Int]?
  private let inputDirections: [Int]?
  private let outputAxes: [Int]?
  private let outputDirections: [Int]?
  /// Up to operator set 8 everything has a batch in front.
  private let hasBatch: Bool

  package init(_ node: OperatorNode) throws(Diagnostic) {
    self.node = node
    guard let count = try node.int("num_scan_inputs"), (1...4_096).contains(count) else {
      throw node.invalidAttribute("num_scan_inputs", "at least 1")
    }
    scanCount = count
    hasBatch = node.opset < 9
    inputAxes = try node.ints("scan_input_axes")
    inputDirections = try node.ints(hasBatch ? "directions" : "scan_input_directions")
    outputAxes = try node.ints("scan_output_axes")
    outputDirections = try node.ints("scan_output_directions")
    if node.parameter("sequence_lens") != nil {
      throw node.unsupported("sequence_lens")
    }
  }

  func evaluate(
    _ operands: [Execution.Held?], bodies: [String: EvaluationProgram],
    in execution: inout Execution
  ) throws(Diagnostic) -> [Execution.Held] {
    guard let body = bodies["body"] else { throw node.invalidAttribute("body", "a graph") }
    let values = operands.compactMap(\.self)
    guard values.count == operands.count, values.count >= scanCount,
      body.inputs.count == values.count, body.outputs.count >= values.count - scanCount,
      [inputAxes, inputDirections].allSatisfy({ ($0?.count ?? scanCount) == scanCount })
    else { throw node.mismatch("the body does not fit the inputs") }
    let outputs = body.outputs.count - (values.count - scanCount)
    guard [outputAxes, outputDirections].allSatisfy({ ($0?.count ?? outputs) == outputs }) else {
      throw node.mismatch("axes or directions for other than \(outputs) outputs")
    }
    guard hasBatch else { return try scan(values, body, in: &execution) }
    let batch = try node.tensor(values[0].value, 0).shape.first ?? 0
    var rows: [[Execution.Held]] = []
    for row in 0..<batch {
      var parts: [Execution.Held] = []
      for value in values { parts.append(try slice(value, axis: 0, at: row, in: &execution)) }
      rows.append(try scan(parts, body, in: &execution))
    }
    var results: [Execution.Held] = []
    for index in body.outputs.indices {
      results.append(
        try Stacking.stacked(
          rows.map { $0[index] }, axis: 0, reversed: false, node, in: &execution))
    }
    return results
  }

  private func slice(
    _ value: Execution.Held, axis: Int, at index: Int, in execution: inout Execution
  ) throws(Diagnostic) -> Execution.Held {
    let shape = try node.tensor(value.value, 0).shape
    guard axis < shape.count, index < shape[axis] else {
      throw node.mismatch("\(shape) has no slice \(index) along axis \(axis)")
    }
    return try execution.apply(
      Stacking(node, axis: axis, slice: index), to: [value], at: node.location,
      name: node.operation)[0]
  }

  private func scan(
    _ values: [Execution.Held], _ body: EvaluationProgram, in execution: inout Execution
  ) throws(Diagnostic) -> [Execution.Held] {
    let stateCount = values.count - scanCount
    var states = Array(values[..<stateCount])
    let scanned = Array(values[stateCount...])
    var axes: [Int] = []
    var steps: Int?
    for (index, value) in scanned.enumerated() {
      let shape = try node.tensor(value.value, stateCount + index).shape
      let axis = try node.axis(inputAxes?[index] ?? 0, rank: shape.count)
      guard (steps ?? shape[axis]) == shape[axis] else {
        throw node.mismatch("the inputs have different numbers of slices")
      }
      steps = shape[axis]
      axes.append(axis)
    }
    var gathered = [[Execution.Held]](repeating: [], count: body.outputs.count - stateCount)
    for step in 0..<(steps ?? 0) {
      try execution.budget.spend(1 + values.count, for: node)
      var inputs = states
      for (index, value) in scanned.enumerated() {
        let place = inputDirections?[index] == 1 ? (steps ?? 0) - 1 - step : step
        inputs.append(try slice(value, axis: axes[index], at: place, in: &execution))
      }
      let results = try execution.run(body, on: inputs)
      states = Array(results[..<stateCount])
      for index in gathered.indices {
        gathered[index].append(results[stateCount + index])
        execution.budget.hold(results[stateCount + index].value)
      }
    }
    for (index, values) in gathered.enumerated() {
      states.append(
        try Stacking.stacked(
          values, axis: outputAxes?[index] ?? 0, reversed: outputDirections?[index] == 1, node,
          in: &execution))
      for value in values { execution.budget.release(value.value) }
    }
    return states
  }
}
