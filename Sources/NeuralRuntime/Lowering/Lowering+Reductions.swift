import TensorCore

/// Sums and means along some axes.
extension Reduction: LowerableOperator {
  func lower(_ step: NetworkPlan.Step, at index: Int, in lowering: inout Lowering) -> Bool {
    guard node.operation == "ReduceSum" || node.operation == "ReduceMean",
      let x = lowering.buffer(step.operands[0])
    else { return false }
    let shape = lowering.shape(step.operands[0])
    let (starts, offsets) = groups(shape)
    guard !starts.isEmpty, !offsets.isEmpty else { return false }
    lowering.add(
      SumCall(
        starts: starts, offsets: offsets, isMean: node.operation == "ReduceMean",
        count: shape.reduce(1, *), x: x, y: step.results[0]),
      for: step, kept: [])
    return true
  }
}
