/// The levels of each factor of attack potential, easiest first, with their points.
///
/// Source and state of confirmation: see `AttackPotential`.
extension AttackPotential {
  /// A level of one factor. The raw value is how it is written.
  public protocol Level: RawRepresentable<String>, CaseIterable, Sendable, Hashable {
    var points: Int { get }
    /// The points were checked against a public document.
    var isConfirmed: Bool { get }
  }

  /// How long the step takes, from finding the way to doing it.
  public enum ElapsedTime: String, Level {
    case oneDay = "<=1 day"
    case oneWeek = "<=1 week"
    case twoWeeks = "<=2 weeks"
    case oneMonth = "<=1 month"
    case twoMonths = "<=2 months"
    case threeMonths = "<=3 months"
    case fourMonths = "<=4 months"
    case fiveMonths = "<=5 months"
    case sixMonths = "<=6 months"
    case longer = ">6 months"

    public var points: Int {
      switch self {
      case .oneDay: 0
      case .oneWeek: 1
      case .twoWeeks: 2
      case .oneMonth: 4
      case .twoMonths: 7
      case .threeMonths: 10
      case .fourMonths: 13
      case .fiveMonths: 15
      case .sixMonths: 17
      case .longer: 19
      }
    }

    public var isConfirmed: Bool { [.oneWeek, .oneMonth, .twoMonths].contains(self) }

    /// The longest time of the level, days, with months of 30 days; `nil` where there is no longest.
    public var days: Int? {
      switch self {
      case .oneDay: 1
      case .oneWeek: 7
      case .twoWeeks: 14
      case .oneMonth: 30
      case .twoMonths: 60
      case .threeMonths: 90
      case .fourMonths: 120
      case .fiveMonths: 150
      case .sixMonths: 180
      case .longer: nil
      }
    }

    /// The first level that leaves so many days.
    public init(days: Int) {
      self = Self.allCases.first { days <= $0.days ?? .max } ?? .longer
    }
  }

  /// What the attacker knows in general.
  public enum Expertise: String, Level {
    case layman
    case proficient
    case expert
    case multipleExperts = "multiple experts"

    public var points: Int {
      switch self {
      case .layman: 0
      case .proficient: 3
      case .expert: 6
      case .multipleExperts: 8
      }
    }

    public var isConfirmed: Bool { self == .layman || self == .proficient }
  }

  /// What the attacker knows of the target.
  public enum Knowledge: String, Level {
    case `public`
    case restricted
    case sensitive
    case critical

    public var points: Int {
      switch self {
      case .public: 0
      case .restricted: 3
      case .sensitive: 7
      case .critical: 11
      }
    }

    public var isConfirmed: Bool { self == .public || self == .restricted }
  }

  /// How hard it is to get at the target for long enough.
  public enum WindowOfOpportunity: String, Level {
    case unlimited
    case easy
    case moderate
    case difficult

    public var points: Int {
      switch self {
      case .unlimited: 0
      case .easy: 1
      case .moderate: 4
      case .difficult: 10
      }
    }

    public var isConfirmed: Bool { self == .unlimited }
  }

  /// What tools it takes.
  public enum Equipment: String, Level {
    case standard
    case specialised
    case bespoke
    case multipleBespoke = "multiple bespoke"

    public var points: Int {
      switch self {
      case .standard: 0
      case .specialised: 4
      case .bespoke: 7
      case .multipleBespoke: 9
      }
    }

    public var isConfirmed: Bool { true }
  }
}
