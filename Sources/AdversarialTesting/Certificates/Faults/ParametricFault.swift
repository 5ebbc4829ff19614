public import EngineSupport

/// A sensor fault as a family with one to four numbers, on some channels of a window: what a fault certificate
/// ranges over.
///
/// A reading x at instant t becomes (1 + gain)·(x(t − delay) − zero) + zero + offset + drift · ramp(t), then what
/// the sensor's range cuts it to. The zero point is 0 where the range holds it, else the range's low end; the ramp
/// grows evenly from the onset to 1 at the window's end, as in the catalogue of sensor faults.
public struct ParametricFault: Sendable, Hashable {
  public enum Kind: String, Sendable, Hashable, Codable, CaseIterable {
    /// Engineering units.
    case offset
    /// A share: 0.01 makes readings 1 % larger about the zero point.
    case gain
    /// Engineering units at the window's end.
    case drift
    /// Sampling periods, not negative.
    case delay

    /// Whether it says nothing about a single instant.
    public var needsTime: Bool { self == .drift || self == .delay }
  }

  /// One number of the family and where it may lie; 0 is among its values.
  public struct Parameter: Sendable, Hashable, Codable {
    public var kind: Kind
    public var least: Double
    public var most: Double

    public init(_ kind: Kind, least: Double, most: Double) {
      self.kind = kind
      self.least = least
      self.most = most
    }
  }

  public let parameters: [Parameter]
  /// The axis of the sample's shape along which time runs; nil where a sample is one instant, which can neither drift
  /// nor be late.
  public let timeAxis: Int?
  /// The axis of channels; nil where a sample has one channel.
  public let channelAxis: Int?
  /// Positions along the channel axis; nil for all of them.
  public let channels: [Int]?
  /// The first instant that the fault meets.
  public let onset: Int

  /// No parameter goes further than this.
  public static let greatest = 1e12

  /// The longest delay in sampling periods.
  public static let longestDelay = 64.0

  /// Errors: `test.fault.parameters` for none, more than four, one kind twice, a range without 0, or what needs time
  /// where there is none.
  public init(
    _ parameters: [Parameter], timeAxis: Int?, channelAxis: Int? = nil, channels: [Int]? = nil,
    onset: Int = 0
  ) throws(Diagnostic) {
    let isUsable = parameters.allSatisfy { parameter in
      (-Self.greatest...0).contains(parameter.least) && (0...Self.greatest).contains(parameter.most)
        && parameter.least < parameter.most && (timeAxis != nil || !parameter.kind.needsTime)
        && (parameter.kind != .delay
          || parameter.least == 0 && parameter.most <= Self.longestDelay)
    }
    guard (1...4).contains(parameters.count), isUsable,
      Set(parameters.map(\.kind)).count == parameters.count
    else {
      throw Diagnostic(
        "test.fault.parameters",
        "a fault has one to four parameters of different kinds, each with a finite range around 0; "
          + "a delay lies between 0 and \(Int(Self.longestDelay)) periods, and drift and delay need time"
      )
    }
    self.parameters = parameters
    self.timeAxis = timeAxis
    self.channelAxis = channelAxis
    self.channels = channels
    self.onset = onset
  }

  /// How far a fault goes: the greatest share of its range that a parameter takes, 0 for none and 1 for the whole
  /// range.
  public func scale(of values: [Double]) -> Double {
    zip(parameters, values).reduce(0) { most, pair in
      let (parameter, value) = pair
      if value == 0 { return most }
      let reach = value > 0 ? parameter.most : parameter.least
      return max(most, reach == 0 ? .infinity : value / reach)
    }
  }

  func place(of kind: Kind) -> Int? { parameters.firstIndex { $0.kind == kind } }
}
