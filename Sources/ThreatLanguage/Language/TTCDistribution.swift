/// The distributions that MAL knows, with the arguments each takes.
///
/// Source: the MAL specification, “Time to compromise”; parameters as mal-toolbox 2.11 checks them.
package enum TTCDistribution: String, Sendable, CaseIterable {
  case bernoulli = "Bernoulli"
  case binomial = "Binomial"
  case exponential = "Exponential"
  case gamma = "Gamma"
  case logNormal = "LogNormal"
  case pareto = "Pareto"
  case truncatedNormal = "TruncatedNormal"
  case uniform = "Uniform"
  case enabled = "Enabled"
  case disabled = "Disabled"
  case zero = "Zero"
  case infinity = "Infinity"
  case easyAndCertain = "EasyAndCertain"
  case easyAndUncertain = "EasyAndUncertain"
  case hardAndCertain = "HardAndCertain"
  case hardAndUncertain = "HardAndUncertain"
  case veryHardAndCertain = "VeryHardAndCertain"
  case veryHardAndUncertain = "VeryHardAndUncertain"

  /// What stands between the parentheses.
  package var parameters: [String] {
    switch self {
    case .bernoulli: ["probability"]
    case .binomial: ["trials", "probability"]
    case .exponential: ["rate"]
    case .gamma: ["shape", "scale"]
    case .logNormal, .truncatedNormal: ["mean", "standard deviation"]
    case .pareto: ["minimum", "shape"]
    case .uniform: ["minimum", "maximum"]
    default: []
    }
  }

  /// What is doubtful about `arguments` that mal-toolbox accepts, or `nil`.
  package func doubt(about arguments: [Double]) -> String? {
    guard self == .binomial, let trials = arguments.first,
      trials < 0 || trials != trials.rounded(.towardZero)
    else { return nil }
    return "the number of trials is a whole number"
  }

  /// `arguments` without what is doubtful about them.
  package func effective(_ arguments: [Double]) -> [Double] {
    guard doubt(about: arguments) != nil else { return arguments }
    var effective = arguments
    effective[0] = max(0, effective[0].rounded(.towardZero))
    return effective
  }

  /// What is wrong with `arguments`, or `nil`.
  package func fault(in arguments: [Double]) -> String? {
    guard arguments.count == parameters.count else {
      let wanted =
        parameters.isEmpty ? "no arguments" : "(\(parameters.joined(separator: ", ")))"
      return "`\(rawValue)` takes \(wanted), not \(arguments.count)"
    }
    switch self {
    case .bernoulli where !(0...1).contains(arguments[0]),
      .binomial where !(0...1).contains(arguments[1]):
      return "a probability is between 0 and 1"
    case .exponential where arguments[0] <= 0:
      return "the rate must be greater than 0"
    case .gamma where arguments[0] <= 0 || arguments[1] <= 0:
      return "shape and scale must be greater than 0"
    case .logNormal where arguments[1] <= 0, .truncatedNormal where arguments[1] <= 0:
      return "the standard deviation must be greater than 0"
    case .pareto where arguments[0] <= 0 || arguments[1] <= 0:
      return "minimum and shape must be greater than 0"
    case .uniform where arguments[0] > arguments[1]:
      return "the minimum is greater than the maximum"
    default:
      return nil
    }
  }
}
