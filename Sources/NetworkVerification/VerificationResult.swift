/// What is known of a property after a check.
public struct VerificationResult: Sendable, Hashable {
  public enum Verdict: Sendable, Hashable {
    /// No input of the property's boxes can violate it: in exact arithmetic and in any `Float` engine that
    /// computes the file's operators one by one.
    case proved
    /// A violation that was replayed in `Float` and in `Double`.
    case refuted(CounterExample)
    /// Neither within the effort; the share that is still open: of the boxes' volume, where activations are split of
    /// the tree of splits.
    case unknown(openShare: Double)
  }

  /// The dearest means that was needed.
  public enum Method: String, Sendable, Hashable, CaseIterable {
    case search
    case lines
    case inputSplitting = "input splitting"
    case activationSplitting = "activation splitting"
  }

  public var verdict: Verdict
  public var method: Method
  /// Boxes that were bounded.
  public var boxes: Int
  /// Points at which the network was evaluated in search of a violation.
  public var samples: Int
}

/// Inputs that violate a property, with the outputs for them in the model's `Float` arithmetic.
public struct CounterExample: Sendable, Hashable {
  public var inputs: [Float]
  public var outputs: [Float]
  /// Which case of the property holds.
  public var caseIndex: Int

  /// The form in which VNN-COMP exchanges counter-examples: an assignment of every constant of the property.
  public var text: String {
    let pairs =
      inputs.enumerated().map { "(X_\($0) \(Self.exact($1)))" }
      + outputs.enumerated().map { "(Y_\($0) \(Self.exact($1)))" }
    return "(" + pairs.joined(separator: "\n") + ")\n"
  }

  /// As a `Double`, whose shortest text reads back as this value in any precision.
  private static func exact(_ value: Float) -> String { "\(Double(value))" }
}
