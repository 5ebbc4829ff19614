import EngineSupport

/// Assets, their steps and variables, and associations.
extension SpecificationReader {
  mutating func asset(_ value: JSONValue) throws(Diagnostic) -> AssetSyntax {
    var asset = AssetSyntax(
      name: try name("name", of: value), isAbstract: try flag("isAbstract", of: value),
      location: place(value))
    asset.superType = try optional("superAsset", of: value).map(name)
    asset.meta = try meta(of: value)
    for variable in try elements("variables", of: value) {
      asset.variables.append(
        VariableSyntax(
          name: try name("name", of: variable),
          expression: try expression(try member("stepExpression", of: variable))))
    }
    for step in try elements("attackSteps", of: value) {
      do throws(Diagnostic) {
        asset.steps.append(try self.step(step))
      } catch {
        report(error)
      }
    }
    return asset
  }

  private func step(_ value: JSONValue) throws(Diagnostic) -> StepSyntax {
    let type = try name("type", of: value)
    guard let kind = StepType.Kind(rawValue: type.text) else {
      throw failure(
        "a step is \(StepType.Kind.allCases.map { "`\($0.rawValue)`" }.joined(separator: ", "))",
        try member("type", of: value))
    }
    var step = StepSyntax(kind: kind, name: try name("name", of: value), location: place(value))
    if let mode = optional("causal_mode", of: value) {
      step.causalMode = mode.string.flatMap(StepType.CausalMode.init(rawValue:))
      if step.causalMode == nil { throw failure("`causal_mode` is `action` or `effect`", mode) }
    }
    for tag in optional("tags", of: value)?.elements ?? [] { step.tags.append(try name(tag).text) }
    step.impact = try impact(of: value)
    step.ttc = try optional("ttc", of: value).map(timeToCompromise)
    step.meta = try meta(of: value)
    for detector in optional("detectors", of: value)?.members ?? [] {
      step.detectors.append(try self.detector(detector))
    }
    if let requires = optional("requires", of: value) {
      let expressions = try expressions(requires)
      if !expressions.isEmpty { step.requires = (place(requires), expressions) }
    }
    if let reaches = optional("reaches", of: value) {
      step.leads = LeadsSyntax(
        isAddition: !(try flag("overrides", of: reaches)), location: place(reaches),
        expressions: try expressions(reaches))
    }
    step.additions = try optional("append_reaches", of: value).map(effects)
    step.removals = try optional("remove_reaches", of: value).map(effects)
    if let range = value.location?.byteRange {
      step.source = String(decoding: document.bytes[range], as: UTF8.self)
    }
    return step
  }

  private func impact(of step: JSONValue) throws(Diagnostic) -> [NameSyntax] {
    guard let risk = optional("risk", of: step) else { return [] }
    var impact: [NameSyntax] = []
    for (key, letter) in [
      ("isConfidentiality", "C"), ("isIntegrity", "I"), ("isAvailability", "A"),
    ] where try flag(key, of: risk) {
      impact.append(NameSyntax(text: letter, location: place(risk)))
    }
    return impact
  }

  private func detector(_ member: JSONValue.Member) throws(Diagnostic) -> DetectorSyntax {
    let value = member.value
    guard value.members != nil else { throw failure("a detector is an object", value) }
    var detector = DetectorSyntax(
      name: optional("name", of: value)?.string ?? member.key, location: place(value))
    for context in optional("context", of: value)?.members ?? [] {
      // The older form names an asset.
      let expression =
        if let name = context.value.string {
          ExpressionSyntax(shape: .name(name), location: place(context.value))
        } else {
          try expression(context.value)
        }
      detector.context.append((expression, context.key))
    }
    detector.type = optional("type", of: value)?.string
    detector.truePositiveRate = try optional("tprate", of: value).map(number)
    detector.falsePositiveRate = try optional("fprate", of: value).map(number)
    return detector
  }

  private func effects(_ value: JSONValue) throws(Diagnostic) -> EffectsSyntax {
    var effects = EffectsSyntax(
      isAddition: !(try flag("overrides", of: value)), location: place(value), sentences: [])
    for sentence in try elements("stepExpressions", of: value) {
      guard sentence["type"]?.string == "dyn_sentence" else {
        throw failure("a model effect is a `dyn_sentence`", sentence)
      }
      var targets: [EffectsSyntax.Target] = []
      for target in try elements("targets", of: sentence) {
        let isAssociation = target["type"]?.string == "assoc_op"
        let walk = isAssociation ? try member("operand", of: target) : target
        targets.append(
          EffectsSyntax.Target(isAssociation: isAssociation, expression: try expression(walk)))
      }
      effects.sentences.append(
        EffectsSyntax.Sentence(
          base: try expression(try member("base", of: sentence)), targets: targets,
          location: place(sentence)))
    }
    return effects
  }

  // MARK: - Associations

  func association(_ value: JSONValue) throws(Diagnostic) -> AssociationSyntax {
    AssociationSyntax(
      name: try name("name", of: value), left: try end("left", of: value),
      right: try end("right", of: value), meta: try meta(of: value), location: place(value))
  }

  private func end(
    _ side: String, of value: JSONValue
  ) throws(Diagnostic) -> AssociationSyntax.End {
    let multiplicity = try member("\(side)Multiplicity", of: value)
    return AssociationSyntax.End(
      type: try name("\(side)Asset", of: value), field: try name("\(side)Field", of: value),
      minimum: try bound(try member("min", of: multiplicity)),
      maximum: try optional("max", of: multiplicity).map(bound),
      multiplicityLocation: place(multiplicity))
  }

  private func bound(_ value: JSONValue) throws(Diagnostic) -> Int {
    guard let bound = value.integer, bound >= 0, bound <= Int(Int32.max) else {
      throw failure("a multiplicity is a whole number", value)
    }
    return bound
  }
}
