import AdversarialTesting
import EngineSupport

/// A plan's channels laid over the elements of one sample: limits, rules and shares for each element.
struct InputGeometry: Sendable {
  let input: TestPlan.Input
  let shape: [Int]
  /// The channel that each element of a flattened sample belongs to.
  let channelOfElement: [Int]

  /// - Throws: `plan.layout` where the plan's axes or channels do not fit the model's input.
  init(_ input: TestPlan.Input, shape: [Int]) throws(Diagnostic) {
    self.input = input
    self.shape = shape
    guard input.layout.isEmpty || input.layout.count == shape.count else {
      throw Diagnostic(
        "plan.layout",
        "the layout names \(input.layout.count) axes, a sample of the model has the shape \(shape)",
        at: input.location)
    }
    let count = shape.reduce(1, *)
    let axis = input.axis(.channel)
    let expected = axis.map { shape[$0] } ?? 1
    guard input.channels.count == expected else {
      throw Diagnostic(
        "plan.layout",
        axis == nil
          ? "\(input.channels.count) channels and no axis `channel` in the layout"
          : "\(input.channels.count) channels, and the model's axis has \(expected)",
        at: input.location)
    }
    guard let axis else {
      channelOfElement = Array(repeating: 0, count: count)
      return
    }
    let stride = shape[(axis + 1)...].reduce(1, *)
    channelOfElement = (0..<count).map { $0 / stride % expected }
  }

  /// One value of each element's channel.
  func spread<Value>(_ value: (TestPlan.Channel) -> Value) -> [Value] {
    let values = input.channels.map(value)
    return channelOfElement.map { values[$0] }
  }

  /// - Parameter onset: The first instant that can be written.
  /// - Throws: what the limits find wrong.
  func limits(writes: [Int]? = nil, from onset: Int = 0) throws(Diagnostic) -> PhysicalLimits {
    let written = Set(writes ?? Array(input.channels.indices))
    var isOpen = [Bool](repeating: true, count: channelOfElement.count)
    if onset > 0, let time = input.axis(.time) {
      let stride = shape[(time + 1)...].reduce(1, *)
      isOpen = isOpen.indices.map { $0 / stride % shape[time] >= onset }
    }
    return try PhysicalLimits(
      shape: shape, low: spread { $0.range.lowerBound }, high: spread { $0.range.upperBound },
      leastSignificantBit: spread(\.leastSignificantBit),
      writable: zip(channelOfElement, isOpen).map { written.contains($0) && $1 },
      scaling: input.scaling)
  }

  /// What one unit of the budget is for each element; 1 where it cannot be written.
  func shares(of measure: TestPlan.BudgetMeasure) -> [Double] {
    spread { channel in
      let share =
        switch measure {
        case .unit, .elements: 1.0
        case .noise: channel.noise
        case .bits: channel.leastSignificantBit
        case .percent: channel.span / 100
        }
      return share > 0 ? share : 1
    }
  }

  /// The laws of the input as rules of a perturbation set.
  var rules: [PhysicalRule] {
    var rules: [PhysicalRule] = []
    if let time = input.axis(.time) {
      for (place, channel) in input.channels.enumerated() {
        let lines = timeLines(of: place, time: time)
        if let slew = channel.slew {
          rules.append(.slew(axis: time, rise: slew, fall: slew, channels: lines))
        }
        if channel.isMonotone { rules.append(.monotone(axis: time, channels: lines)) }
      }
      if let bandwidth = input.bandwidth {
        rules.append(
          .bandwidth(axis: time, cutoff: bandwidth.cutoff, tolerance: bandwidth.tolerance))
      }
      if let jitter = input.samplingJitter {
        rules.append(.samplingJitter(axis: time, periods: jitter))
      }
    }
    for balance in input.balances { rules += instances(of: balance) }
    for group in input.oneHot {
      let members = group.map { elements(of: $0) }
      for place in members[0].indices {
        rules.append(.oneHot(elements: members.map { $0[place] }))
      }
    }
    return rules
  }

  /// Elements of one channel in row-major order.
  func elements(of channel: Int) -> [Int] {
    channelOfElement.indices.filter { channelOfElement[$0] == channel }
  }

  /// The channel's places among the lines along the time axis, which count the other axes in row-major order.
  private func timeLines(of channel: Int, time: Int) -> [Int] {
    let stride = shape[(time + 1)...].reduce(1, *)
    let block = stride * shape[time]
    let starts = elements(of: channel).filter { $0 % block < stride }
    return starts.map { $0 / block * stride + $0 % stride }
  }

  /// A balance of channels as one balance of elements for each place of the other axes.
  private func instances(of balance: TestPlan.Balance) -> [PhysicalRule] {
    let members = balance.terms.map { (elements(of: $0.channel), $0.coefficient) }
    guard let count = members.first?.0.count else { return [] }
    return (0..<count).map { place in
      .balance(
        terms: members.map { PhysicalRule.Term(index: $0.0[place], coefficient: $0.1) },
        target: balance.target, tolerance: balance.tolerance)
    }
  }
}
