import AdversarialTesting
import EngineSupport
import YAMLDocuments

/// The section `input` of a plan: layout, data sheets of channels, laws.
extension TestPlan.Input {
  /// More channels than this would be a typing error.
  private static let mostChannels = 100_000

  init(_ value: YAMLValue, _ diagnostics: inout Diagnostics) throws(Diagnostic) {
    var section = try value.section()
    tensor = try section.required("tensor").text()
    layout = []
    if let value = section.optional("layout") {
      for axis in try value.elements() { layout.append(try axis.choice(of: TestPlan.Axis.self)) }
      guard Set(layout).count == layout.count else { throw value.wrong("an axis stands twice") }
    }
    channels = []
    let list = try section.required("channels")
    for value in try list.elements() {
      channels += try TestPlan.Channel.read(value, &diagnostics)
      guard channels.count <= Self.mostChannels else {
        throw value.wrong("more than \(Self.mostChannels) channels")
      }
    }
    guard !channels.isEmpty, Set(channels.map(\.name)).count == channels.count else {
      throw list.wrong("there is no channel, or two have one name")
    }
    balances = []
    oneHot = []
    bandwidth = nil
    samplingJitter = nil
    scaling = .identity
    location = value.location
    if let value = section.optional("scaling") { scaling = try Self.scaling(value, &diagnostics) }
    if let value = section.optional("laws") { try readLaws(value, &diagnostics) }
    section.finish(reportingTo: &diagnostics)
    guard axis(.time) != nil || !hasLawsOverTime else {
      throw value.wrong("slew, monotone, bandwidth and sampling_jitter need an axis `time`")
    }
  }

  private var hasLawsOverTime: Bool {
    bandwidth != nil || samplingJitter != nil
      || channels.contains { $0.slew != nil || $0.isMonotone }
  }

  private static func scaling(
    _ value: YAMLValue, _ diagnostics: inout Diagnostics
  ) throws(Diagnostic) -> PhysicalLimits.Scaling {
    var section = try value.section()
    let scaling = PhysicalLimits.Scaling(
      unitsPerTensorUnit: try section.required("units_per_tensor_unit").positive(),
      offset: try section.optional("offset")?.number() ?? 0)
    section.finish(reportingTo: &diagnostics)
    return scaling
  }

  private mutating func readLaws(
    _ value: YAMLValue, _ diagnostics: inout Diagnostics
  ) throws(Diagnostic) {
    var section = try value.section()
    if let value = section.optional("balances") {
      for value in try value.elements() { balances.append(try balance(value, &diagnostics)) }
    }
    if let value = section.optional("one_hot") {
      for value in try value.elements() { oneHot.append(try places(value)) }
    }
    if let value = section.optional("bandwidth") {
      var limits = try value.section()
      bandwidth = TestPlan.Bandwidth(
        cutoff: try limits.required("cutoff").share(),
        tolerance: try limits.required("tolerance").notNegative())
      limits.finish(reportingTo: &diagnostics)
    }
    samplingJitter = try section.optional("sampling_jitter")?.positive()
    section.finish(reportingTo: &diagnostics)
  }

  private func balance(
    _ value: YAMLValue, _ diagnostics: inout Diagnostics
  ) throws(Diagnostic) -> TestPlan.Balance {
    var section = try value.section()
    var terms: [TestPlan.Balance.Term] = []
    let list = try section.required("terms")
    for value in try list.elements() {
      var term = try value.section()
      let name = try term.required("channel")
      let coefficient = try term.required("coefficient").number()
      for channel in try place(name) {
        terms.append(TestPlan.Balance.Term(channel: channel, coefficient: coefficient))
      }
      term.finish(reportingTo: &diagnostics)
    }
    let balance = TestPlan.Balance(
      terms: terms, target: try section.optional("target")?.number() ?? 0,
      tolerance: try section.required("tolerance").notNegative())
    section.finish(reportingTo: &diagnostics)
    guard !terms.isEmpty, terms.allSatisfy({ $0.coefficient != 0 }),
      Set(terms.map(\.channel)).count == terms.count
    else { throw list.wrong("a balance names each channel once, with a coefficient other than 0") }
    return balance
  }

  /// The channels of a list of names of channels or groups, each once, in the input's order.
  func places(_ value: YAMLValue) throws(Diagnostic) -> [Int] {
    var places: Set<Int> = []
    for name in try value.elements() { places.formUnion(try place(name)) }
    guard !places.isEmpty else { throw value.wrong("the list is empty") }
    return places.sorted()
  }

  /// The channels of one name of a channel or group.
  func place(_ name: YAMLValue) throws(Diagnostic) -> [Int] {
    let found = channels(called: try name.text())
    guard !found.isEmpty else {
      var diagnostic = name.wrong("no channel is called \"\(try name.text())\"")
      let known = channels.prefix(12).map(\.name).joined(separator: ", ")
      diagnostic.hint = "known: " + known + (channels.count > 12 ? ", …" : "")
      throw diagnostic
    }
    return found
  }
}

extension TestPlan.Channel {
  /// One channel, or as many alike as `count` says, numbered from 1.
  fileprivate static func read(
    _ value: YAMLValue, _ diagnostics: inout Diagnostics
  ) throws(Diagnostic) -> [TestPlan.Channel] {
    var section = try value.section()
    let name = try section.required("name").text()
    let count = try section.optional("count")?.integer(in: 1...100_000)
    let group = try section.optional("group")?.text()
    let range = try range(section.required("range"))
    let channel = TestPlan.Channel(
      name: name, group: group, unit: try section.required("unit").text(), range: range,
      leastSignificantBit: try section.optional("least_significant_bit").map {
        value throws(Diagnostic) in
        let bit = try value.notNegative()
        guard bit < range.upperBound - range.lowerBound else {
          throw value.wrong("the least significant bit is smaller than the range")
        }
        return bit
      } ?? 0, noise: try section.optional("noise")?.notNegative() ?? 0,
      slew: try section.optional("slew")?.positive(),
      isMonotone: try section.optional("monotone")?.flag() ?? false)
    section.finish(reportingTo: &diagnostics)
    guard let count else { return [channel] }
    return (1...count).map { number in
      var one = channel
      one.name = "\(name) \(number)"
      one.group = name
      return one
    }
  }

  private static func range(_ value: YAMLValue) throws(Diagnostic) -> ClosedRange<Double> {
    let ends = try value.elements()
    guard ends.count == 2 else { throw value.wrong("a range has a lower and an upper end") }
    let (low, high) = (try ends[0].number(), try ends[1].number())
    guard low < high else {
      throw Diagnostic(
        "plan.range.inverted", "the sensor range is inverted: \(low) is not below \(high)",
        at: value.location, hint: "write the lower end first")
    }
    guard abs(low) <= 1e30, abs(high) <= 1e30 else {
      throw value.wrong("the ends of a range lie within ±1e30")
    }
    return low...high
  }
}
