public import EngineSupport

/// What a network must never do, read from a VNN-LIB file: a union of cases, each a box of inputs with linear
/// constraints on inputs and outputs that describe the *violation*.
///
/// Law: the property is violated if and only if some case holds for some input x and the outputs y for it.
public struct SafetyProperty: Sendable, Hashable {
  /// A decimal constant as the nearest `Double` and two that hold it between them.
  public struct Bound: Sendable, Hashable {
    /// At most the constant, as near as `Double` comes; −∞ where nothing is asserted from below.
    public var below: Double
    /// At least the constant; ∞ where nothing is asserted from above.
    public var above: Double

    public init(below: Double, above: Double) {
      self.below = below
      self.above = above
    }
  }

  /// inputs · x + outputs · y + constant ≤ 0.
  public struct LinearConstraint: Sendable, Hashable {
    /// A coefficient of one variable; the indices ascend.
    public struct Term: Sendable, Hashable {
      public var index: Int
      public var coefficient: Double

      public init(index: Int, coefficient: Double) {
        self.index = index
        self.coefficient = coefficient
      }
    }

    public var inputs: [Term]
    public var outputs: [Term]
    public var constant: Double
    public var location: SourceLocation

    public init(inputs: [Term], outputs: [Term], constant: Double, location: SourceLocation) {
      self.inputs = inputs
      self.outputs = outputs
      self.constant = constant
      self.location = location
    }
  }

  /// Inputs between bounds, and constraints that hold together.
  public struct Case: Sendable, Hashable {
    /// One for each input: no less than `least`, no more than `most`.
    public var least: [Bound]
    public var most: [Bound]
    public var constraints: [LinearConstraint]

    public init(least: [Bound], most: [Bound], constraints: [LinearConstraint]) {
      self.least = least
      self.most = most
      self.constraints = constraints
    }
  }

  public var inputCount: Int
  public var outputCount: Int
  public var cases: [Case]

  public init(inputCount: Int, outputCount: Int, cases: [Case]) {
    self.inputCount = inputCount
    self.outputCount = outputCount
    self.cases = cases
  }
}
