import EngineSupport

/// What hangs on a step beside its leads: model effects and detectors.
extension LanguageAnalyser {
  /// Own effects, additions first.
  mutating func effects(of step: StepSyntax, in type: Int) -> [ModelEffect] {
    let hasAbove = ancestry(of: type).dropFirst().contains {
      types[$0].steps[step.name.text] != nil
    }
    for effects in [step.additions, step.removals] {
      guard let effects, effects.isAddition, !hasAbove, !isIncomplete(type) else { continue }
      report(
        Diagnostic(
          // mal-toolbox looks at the first of a step's arrows only.
          step.leads == nil ? .error : .warning, "mal.step.nothing-to-extend",
          "`+` adds to an inherited step, but nothing above "
            + "`\(types[type].syntax.name.text)` has a step `\(step.name.text)`",
          at: effects.location, hint: "remove the `+`"))
    }
    let additions = (step.additions?.sentences ?? []).map { effect($0, .addition, in: type) }
    let removals = (step.removals?.sentences ?? []).map { effect($0, .removal, in: type) }
    return additions + removals
  }

  private mutating func effect(
    _ sentence: EffectsSyntax.Sentence, _ change: ModelEffect.Change, in type: Int
  ) -> ModelEffect {
    allowsModelTerms = true
    defer { allowsModelTerms = false }
    let base = walk(sentence.base, from: type)
    var targets: [ModelEffect.Target] = []
    for target in sentence.targets {
      // A link that is added is named as seen from the step's own asset.
      let isLinkAddition = target.isAssociation && change == .addition
      if let start = isLinkAddition ? type : base.type {
        let end = walk(target.expression, from: start).type
        if isLinkAddition, let end, let base = base.type, !isType(base, kindOf: end),
          !isIncomplete(base)
        {
          report(
            "mal.effect.type-mismatch",
            "the link leads to `\(types[end].syntax.name.text)`, which "
              + "`\(types[base].syntax.name.text)` is no kind of",
            at: target.expression.location)
        }
      }
      targets.append(
        ModelEffect.Target(
          isAssociation: target.isAssociation, walk: ModelEffect.Walk(target.expression)))
    }
    return ModelEffect(
      change: change, base: ModelEffect.Walk(sentence.base), targets: targets,
      location: sentence.location)
  }

  // MARK: - Detectors

  /// The last of several with one name counts, as in mal-toolbox.
  mutating func compiledDetectors(of step: StepSyntax, in type: Int) -> [DetectorType] {
    var detectors: [DetectorType] = []
    for syntax in step.detectors {
      for rate in [syntax.truePositiveRate, syntax.falsePositiveRate] {
        guard let rate, !(0...1).contains(rate) else { continue }
        warn("mal.detector.rate", "a rate is between 0 and 1", at: syntax.location)
      }
      let detector = compile(syntax, of: type)
      if let earlier = detectors.firstIndex(where: { $0.name == syntax.name }) {
        warn(
          "mal.detector.duplicate", "this replaces the detector `\(syntax.name)` above it",
          at: syntax.location)
        detectors[earlier] = detector
      } else {
        detectors.append(detector)
      }
    }
    return detectors
  }

  private mutating func compile(_ syntax: DetectorSyntax, of type: Int) -> DetectorType {
    DetectorType(
      name: syntax.name, type: syntax.type,
      context: syntax.context.map { expression, label in
        DetectorType.Context(label: label, expression: context(expression, of: type).expression)
      },
      truePositiveRate: syntax.truePositiveRate, falsePositiveRate: syntax.falsePositiveRate)
  }

  /// A walk to a step, as in a lead; but what it ends in may be anything that the detector knows by that
  /// name, such as an asset.
  private mutating func context(_ syntax: ExpressionSyntax, of type: Int) -> Walk {
    switch syntax.shape {
    case .name(let name):
      if !hasStep(name, on: type), !isIncomplete(type), ids[name] == nil {
        warn(
          "mal.detector.context",
          "`\(types[type].syntax.name.text)` has no step `\(name)` for the detector to see",
          at: syntax.location)
      }
      return Walk(expression: .step(name), type: type)
    case .collect(let left, let right):
      allowsModelTerms = true
      let first = walk(left, from: type)
      allowsModelTerms = false
      guard let middle = first.type else {
        return Walk(expression: first.expression, type: nil)
      }
      let second = context(right, of: middle)
      return Walk(
        expression: .collect(first.expression, second.expression), type: second.type)
    default:
      allowsModelTerms = true
      defer { allowsModelTerms = false }
      return walk(syntax, from: type)
    }
  }
}
