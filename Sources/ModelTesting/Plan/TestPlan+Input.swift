public import AdversarialTesting
public import EngineSupport

/// What the input tensor is physically: its axes, its channels' data sheets, and the laws it obeys.
extension TestPlan {
  public struct Input: Sendable {
    public var tensor: String
    /// What each axis of one sample counts, in order; empty where the sample is one number or has one channel.
    public var layout: [Axis]
    /// One for each step of the channel axis, or one for all where there is no such axis.
    public var channels: [Channel]
    public var balances: [Balance]
    /// Groups of channels of which exactly one is at the high end of its range.
    public var oneHot: [[Int]]
    /// Changes hold nothing above a share of the Nyquist frequency.
    public var bandwidth: Bandwidth?
    /// The sampling instants can be moved by up to this many sample periods.
    public var samplingJitter: Double?
    /// Engineering units for one unit of the tensor, and the reading that the tensor's 0 stands for.
    public var scaling: PhysicalLimits.Scaling
    public var location: SourceLocation
  }

  public enum Axis: String, Sendable, Hashable, CaseIterable {
    case time, channel, row, column
  }

  /// One channel as its sensor's data sheet has it.
  public struct Channel: Sendable, Hashable {
    public var name: String
    /// A name that several channels share, to speak of all of them.
    public var group: String?
    public var unit: String
    public var range: ClosedRange<Double>
    /// 0 where the reading is continuous.
    public var leastSignificantBit: Double
    /// Standard deviation at rest; 0 where it is not known.
    public var noise: Double
    /// The largest change from one sample to the next; `nil` without a limit.
    public var slew: Double?
    /// A totaliser: never falls.
    public var isMonotone: Bool

    public var span: Double { range.upperBound - range.lowerBound }
  }

  /// A weighted sum of channels that stays within `tolerance` of `target` at every instant.
  public struct Balance: Sendable, Hashable {
    public var terms: [Term]
    public var target: Double
    public var tolerance: Double

    public struct Term: Sendable, Hashable {
      public var channel: Int
      public var coefficient: Double
    }
  }

  public struct Bandwidth: Sendable, Hashable {
    public var cutoff: Double
    public var tolerance: Double
  }
}

extension TestPlan.Input {
  /// Channels by name, or all of a group.
  public func channels(called name: String) -> [Int] {
    let direct = channels.indices.filter { channels[$0].name == name }
    return direct.isEmpty ? channels.indices.filter { channels[$0].group == name } : direct
  }

  public func axis(_ axis: TestPlan.Axis) -> Int? { layout.firstIndex(of: axis) }
}
