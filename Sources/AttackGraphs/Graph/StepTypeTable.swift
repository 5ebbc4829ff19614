package import ThreatLanguage

/// The steps of all asset types of a language in one row, each with its kind and what its prior is.
package struct StepTypeTable: Sendable {
  /// The steps of asset type t are `offsets[t]..<offsets[t + 1]`.
  package let offsets: [Int32]
  package let kinds: [StepType.Kind]
  /// Probability that an attempt succeeds (for a defence: that it is absent), by the language.
  package let priors: [Double]

  package init(_ language: CompiledLanguage, priors: [Double]) {
    var offsets: [Int32] = [0]
    for type in language.assetTypes {
      offsets.append((offsets.last ?? 0) + Int32(type.steps.count))
    }
    self.offsets = offsets
    kinds = language.assetTypes.flatMap { $0.steps.map(\.kind) }
    self.priors = priors
    precondition(priors.count == kinds.count, "one prior for each step type")
  }

  package var count: Int { kinds.count }
}
