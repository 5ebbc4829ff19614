import TensorCore

/// Where images keep their channels side by side: between convolutions whose kernels write and read them so.
extension Lowering {
  /// An operand with the order its channels lie in; nil for a constant.
  func imageBuffer(_ source: NetworkPlan.Source) -> (buffer: Int, order: ChannelOrder)? {
    guard case .value(let value) = source else { return nil }
    let root = roots[value]
    return (root, channelsLast[root] == nil ? .first : .last)
  }

  /// Whether a value may keep its channels side by side: where every step that reads it can read them so, or, if
  /// it may be turned, one step does whatever it reads. The sum of gradients then keeps its order.
  func canLieLast(_ value: Int, turned mayBeTurned: Bool = false) -> Bool {
    guard !outputs.contains(value), !readers[value].isEmpty,
      shape(value)[1] % ChannelOrder.lastMultiple == 0
    else { return false }
    return (mayBeTurned && readers[value].count == 1)
      || readers[value].allSatisfy { readsChannelsLast(steps[$0]) }
  }

  func readsChannelsLast(_ step: NetworkPlan.Step) -> Bool {
    (step.operation as? any ChannelsLastReader)?.readsChannelsLast(step, in: self) ?? false
  }

  /// Says that the call which makes a value leaves its channels side by side.
  mutating func keepLast(_ value: Int) { channelsLast[value] = .some(nil) }

  /// A value that is not of the plan, of so many elements in one row.
  mutating func newValue(_ count: Int) -> Int {
    counts.append(count)
    return counts.count - 1
  }

  /// The buffer that holds images as planes: the value itself, or a copy that is made once.
  mutating func planes(of root: Int) -> Int {
    guard let copy = channelsLast[root] else { return root }
    if let copy { return copy }
    let shape = plan.values[root].shape
    let made = newValue(counts[root])
    channelsLast[root] = made
    add(
      OrderCall(
        images: shape[0], channels: shape[1], plane: shape[2...].reduce(1, *), x: root, y: made),
      operands: [root], results: [made])
    return made
  }
}

/// An operator whose lowered call can read images whose channels lie side by side.
protocol ChannelsLastReader: LowerableOperator {
  /// Whether it can for this step. If so it asks for its first operand by `imageBuffer`.
  func readsChannelsLast(_ step: NetworkPlan.Step, in lowering: Lowering) -> Bool
}
