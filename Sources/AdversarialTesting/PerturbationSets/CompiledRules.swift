import EngineSupport
import TensorCore

/// Physical rules worked out for one sample shape: slabs, directions, groups and the jitter's reach.
struct CompiledRules: Sendable, Hashable {
  /// More coefficients than this would be a typing error, and hours of projection.
  private static let mostCoefficients = 1 << 22

  private(set) var slabs: [LinearSlab] = []
  /// All slabs, and those with an element that can be written: the others hold whatever is written.
  private(set) var table = SlabTable([], numbers: [])
  private(set) var movableTable = SlabTable([], numbers: [])
  /// The slabs that each element takes part in; empty without slabs.
  private(set) var slabsOfElement: [[Int]] = []
  private(set) var oneHotGroups: [[Int]] = []
  /// Empty when no rule names a direction; otherwise which elements may rise and fall.
  private(set) var mayRise: [Bool] = []
  private(set) var mayFall: [Bool] = []
  private(set) var jitters: [Jitter] = []

  struct Jitter: Sendable, Hashable {
    var lines: [TimeLine]
    var periods: Double
  }

  /// The elements of one channel in the order of time: `start`, `start + stride`, ….
  struct TimeLine: Sendable, Hashable {
    var start: Int
    var stride: Int
    var count: Int

    func index(_ instant: Int) -> Int { start + instant * stride }
  }

  var isEmpty: Bool {
    slabs.isEmpty && oneHotGroups.isEmpty && mayRise.isEmpty && jitters.isEmpty
  }

  /// - Throws: `test.rule.axis`, `test.rule.value`, `test.rule.element`, `test.rule.size`.
  init(_ rules: [PhysicalRule], limits: PhysicalLimits) throws(Diagnostic) {
    for rule in rules { try add(rule, limits) }
    guard !slabs.isEmpty else { return }
    table = SlabTable(slabs, numbers: Array(slabs.indices))
    movableTable = SlabTable(
      slabs,
      numbers: slabs.indices.filter { slabs[$0].indices.contains { limits.writable[$0] } })
    slabsOfElement = Array(repeating: [], count: limits.count)
    for (number, slab) in slabs.enumerated() {
      for index in slab.indices { slabsOfElement[index].append(number) }
    }
  }

  private mutating func add(_ rule: PhysicalRule, _ limits: PhysicalLimits) throws(Diagnostic) {
    switch rule {
    case .slew(let axis, let rise, let fall, let channels):
      guard rise >= 0, fall >= 0 else { throw Self.badValue("a slew limit is not negative") }
      try addSteps(axis, channels, low: -fall, high: rise, limits)
    case .monotone(let axis, let channels):
      try addSteps(axis, channels, low: 0, high: .infinity, limits)
    case .bandwidth(let axis, let cutoff, let tolerance, let channels):
      guard cutoff > 0, cutoff <= 1, tolerance.isFinite, tolerance >= 0 else {
        throw Self.badValue("a cut-off lies in (0, 1], its tolerance is finite and not negative")
      }
      try addBandwidth(axis, channels, cutoff, tolerance, limits)
    case .samplingJitter(let axis, let periods):
      guard periods.isFinite, periods >= 0, periods <= 1e6 else {
        throw Self.badValue("jitter is a number of sampling periods, not negative")
      }
      jitters.append(Jitter(lines: try Self.timeLines(axis, limits.shape), periods: periods))
    case .balance(let terms, let target, let tolerance):
      try addBalance(terms, target, tolerance, limits)
    case .oneHot(let elements):
      try Self.check(elements, limits)
      guard elements.count >= 2 else { throw Self.badValue("a one-hot group has two elements") }
      let taken = Set(oneHotGroups.joined())
      guard !elements.contains(where: { taken.contains($0) }) else {
        throw Self.badValue("an element belongs to one one-hot group")
      }
      oneHotGroups.append(elements)
    case .onlyUp(let elements): try restrict(elements, falling: true, limits)
    case .onlyDown(let elements): try restrict(elements, falling: false, limits)
    }
  }

  private mutating func restrict(
    _ elements: [Int], falling: Bool, _ limits: PhysicalLimits
  ) throws(Diagnostic) {
    try Self.check(elements, limits)
    if mayRise.isEmpty {
      mayRise = Array(repeating: true, count: limits.count)
      mayFall = mayRise
    }
    for index in elements {
      if falling { mayFall[index] = false } else { mayRise[index] = false }
    }
  }

  private mutating func addSteps(
    _ axis: Int, _ channels: [Int]?, low: Double, high: Double, _ limits: PhysicalLimits
  ) throws(Diagnostic) {
    let units = limits.scaling.unitsPerTensorUnit
    for line in try Self.timeLines(axis, limits.shape, channels) {
      for instant in 0..<max(0, line.count - 1) {
        let indices = [line.index(instant), line.index(instant + 1)]
        try add(indices, [-1, 1], low: low / units, high: high / units, limits)
      }
    }
  }

  /// One slab for each row of the orthonormal DCT-II above the cut-off; it bounds the change.
  private mutating func addBandwidth(
    _ axis: Int, _ channels: [Int]?, _ cutoff: Double, _ tolerance: Double,
    _ limits: PhysicalLimits
  ) throws(Diagnostic) {
    let bound = tolerance / limits.scaling.unitsPerTensorUnit
    for line in try Self.timeLines(axis, limits.shape, channels) {
      let kept = Int((cutoff * Double(line.count)).rounded(.up))
      guard kept < line.count else { continue }
      let indices = (0..<line.count).map(line.index)
      let total = (line.count - kept).multipliedReportingOverflow(by: line.count)
      guard !total.overflow, total.partialValue <= Self.mostCoefficients else { throw Self.tooMany }
      for frequency in kept..<line.count {
        let scale = (2 / Double(line.count)).squareRoot()
        let row = (0..<line.count).map { instant in
          scale
            * PortableMath.cos(
              Double.pi * (Double(instant) + 0.5) * Double(frequency) / Double(line.count))
        }
        try add(indices, row, low: -bound, high: bound, limits, isRelative: true)
      }
    }
  }

  private mutating func addBalance(
    _ terms: [PhysicalRule.Term], _ target: Double, _ tolerance: Double, _ limits: PhysicalLimits
  ) throws(Diagnostic) {
    try Self.check(terms.map(\.index), limits)
    guard target.isFinite, tolerance.isFinite, tolerance >= 0,
      terms.allSatisfy({ $0.coefficient.isFinite && $0.coefficient != 0 })
    else { throw Self.badValue("a balance has finite coefficients, target and tolerance") }
    let units = limits.scaling.unitsPerTensorUnit
    let offset = terms.reduce(0) { $0 + $1.coefficient * limits.scaling.offset }
    try add(
      terms.map(\.index), terms.map(\.coefficient), low: (target - tolerance - offset) / units,
      high: (target + tolerance - offset) / units, limits)
  }

  private mutating func add(
    _ indices: [Int], _ coefficients: [Double], low: Double, high: Double,
    _ limits: PhysicalLimits, isRelative: Bool = false
  ) throws(Diagnostic) {
    guard !low.isNaN, !high.isNaN, low <= high else { throw Self.badValue("a limit is a number") }
    let units = limits.scaling.unitsPerTensorUnit
    var span = 0.0
    for (index, coefficient) in zip(indices, coefficients) {
      span += abs(coefficient) * (limits.high[index] - limits.low[index]) / units
    }
    coefficientCount += indices.count
    guard coefficientCount <= Self.mostCoefficients else { throw Self.tooMany }
    slabs.append(
      LinearSlab(
        indices: indices, coefficients: coefficients, low: low, high: high, slack: 1e-6 * span,
        isRelative: isRelative))
  }

  private var coefficientCount = 0

  private static func timeLines(
    _ axis: Int, _ shape: [Int], _ channels: [Int]? = nil
  ) throws(Diagnostic) -> [TimeLine] {
    guard shape.indices.contains(axis) else {
      throw Diagnostic("test.rule.axis", "the sample shape \(shape) has no axis \(axis)")
    }
    let stride = shape[(axis + 1)...].reduce(1, *)
    let block = stride * shape[axis]
    let outer = shape[..<axis].reduce(1, *)
    let lines = (0..<outer).flatMap { part in
      (0..<stride).map { TimeLine(start: part * block + $0, stride: stride, count: shape[axis]) }
    }
    guard let channels else { return lines }
    guard !channels.isEmpty, Set(channels).count == channels.count,
      channels.allSatisfy(lines.indices.contains)
    else {
      throw Diagnostic(
        "test.rule.channel", "a rule names each channel once, by its place among \(lines.count)")
    }
    return channels.map { lines[$0] }
  }

  private static func check(_ elements: [Int], _ limits: PhysicalLimits) throws(Diagnostic) {
    guard !elements.isEmpty, Set(elements).count == elements.count,
      elements.allSatisfy({ $0 >= 0 && $0 < limits.count })
    else {
      throw Diagnostic(
        "test.rule.element",
        "a rule names each element once, by its place among the sample's \(limits.count)")
    }
  }

  private static func badValue(_ reason: String) -> Diagnostic {
    Diagnostic("test.rule.value", reason)
  }

  private static var tooMany: Diagnostic {
    Diagnostic(
      "test.rule.size", "the rules need more than \(mostCoefficients) coefficients")
  }
}
