import TensorCore

/// Pooling over one or two axes.
extension MaximumPooling: LowerableOperator {
  func lower(_ step: NetworkPlan.Step, at index: Int, in lowering: inout Lowering) -> Bool {
    let shape = lowering.shape(step.operands[0])
    let geometry = window.plannedGeometry(shape)
    guard geometry.isPlanar, step.results.count == 1,
      let x = lowering.imageBuffer(step.operands[0])
    else { return false }
    let isLast = x.order == .last && lowering.canLieLast(step.results[0], turned: true)
    let image = isLast ? x.buffer : lowering.planes(of: x.buffer)
    if isLast { lowering.keepLast(step.results[0]) }
    lowering.add(
      PoolingCall(
        rule: .maximum, window: geometry.window, planes: shape[0] * shape[1],
        together: isLast ? shape[1] : 1, x: image, y: step.results[0]),
      for: step, operands: [image], kept: [image])
    return true
  }
}

extension MaximumPooling: ChannelsLastReader {
  func readsChannelsLast(_ step: NetworkPlan.Step, in lowering: Lowering) -> Bool {
    step.results.count == 1 && window.plannedGeometry(lowering.shape(step.operands[0])).isPlanar
  }
}

extension AveragePooling: LowerableOperator {
  func lower(_ step: NetworkPlan.Step, at index: Int, in lowering: inout Lowering) -> Bool {
    let shape = lowering.shape(step.operands[0])
    let geometry = window.plannedGeometry(shape)
    guard geometry.isPlanar, let x = lowering.buffer(step.operands[0]) else { return false }
    lowering.add(
      PoolingCall(
        rule: .average(rows: counts(geometry.height), columns: counts(geometry.width)),
        window: geometry.window, planes: shape[0] * shape[1], together: 1, x: x,
        y: step.results[0]),
      for: step, kept: [])
    return true
  }
}
