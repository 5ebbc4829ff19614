/// What an attacker wants the model to answer.
///
/// A goal is a set of alternatives, each a number that turns negative when the alternative is reached; the
/// margin of a sample is the smallest of them. Attacks climb towards any alternative or towards one.
public enum AttackGoal: Sendable, Hashable, Codable {
  /// Any class but the label. One alternative a class.
  case misclassification
  /// The batch's labels name the class to be reached, not the class to be left. One alternative.
  case classification
  /// A regression's output moves by more than `tolerance` from its value on the clean sample: the two
  /// attacks on +f and -f of each output.
  case deviation(tolerance: Double)
  /// Any class but the label among the first `classes` outputs, while inequalities on the outputs hold: the
  /// model is misled and the anomaly detector beside it stays silent. One alternative a class.
  case concealed(classes: Int, while: [OutputInequality])
  /// One of the alternatives holds; an alternative holds when all its inequalities do. A safety property's
  /// violation.
  case violation([[OutputInequality]])
  /// The windows of a stream are wrong, by the rule that the goal names.
  case stream(StreamGoal)
}

extension AttackGoal {
  /// Whether labels are classes of the model.
  public var isAboutClasses: Bool {
    switch self {
    case .misclassification, .classification, .concealed: true
    case .deviation, .violation: false
    case .stream(let goal): goal.tolerance == nil
    }
  }

  /// Whether it is measured from the outputs for the clean sample.
  var needsReferences: Bool {
    switch self {
    case .deviation: true
    case .stream(let goal): goal.tolerance != nil
    case .misclassification, .classification, .concealed, .violation: false
    }
  }

  /// Outputs that belong together: all, or those of one window.
  func outputsTogether(of count: Int) -> Int {
    if case .stream(let goal) = self { goal.outputs } else { count }
  }

  /// The class that a row of outputs answers.
  func prediction<Score: BinaryFloatingPoint>(
    _ scores: ScoreRows<Score>, _ row: Int, label: Int
  ) -> Int {
    if case .stream(let goal) = self {
      return goal.answer(scores.elements, from: row * scores.classes, label: label)
    }
    return scores.prediction(row)
  }
}

/// A linear inequality on a model's outputs: the sum of coefficient times output exceeds `bound`.
public struct OutputInequality: Sendable, Hashable, Codable {
  /// One for each output.
  public var coefficients: [Double]
  public var bound: Double

  public init(coefficients: [Double], exceeds bound: Double) {
    self.coefficients = coefficients
    self.bound = bound
  }
}
