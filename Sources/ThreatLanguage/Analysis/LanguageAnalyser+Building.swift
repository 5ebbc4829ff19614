import EngineSupport

/// Asset types with inherited steps merged in.
///
/// A step declared again with `->` replaces the inherited one; with `+>`, or without leads, it adds to
/// its leads, tags, meta texts, requirements and model effects, while its own time (or none) counts: as in mal-toolbox.
extension LanguageAnalyser {
  /// Steps, leads and variables of all types together, inherited ones counted again in each type.
  private static let sizeLimit = 500_000

  /// The types in `order`, or `nil` when they grow over the limit.
  mutating func build() -> [AssetType]? {
    var built: [Int: AssetType] = [:]
    var size = 0
    for type in order {
      let syntax = types[type].syntax
      let above = types[type].superType.flatMap { built[$0] }
      var asset = AssetType(
        name: syntax.name.text, category: types[type].category, superType: above?.name,
        isAbstract: syntax.isAbstract, meta: syntax.meta.compiled, steps: [],
        variables: above?.variables ?? [:], location: syntax.location)
      for variable in syntax.variables {
        guard
          case .done(let walk)? = variableStates[
            VariableKey(type: type, name: variable.name.text)]
        else { continue }
        asset.variables[variable.name.text] = walk.expression
      }
      let inherited = Dictionary(
        (above?.steps ?? []).map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
      var places: [String: Int] = [:]
      for step in syntax.steps {
        let compiled = compile(step, of: type, inherited: inherited[step.name.text])
        size += compiled.leadsTo.count
        if let place = places[step.name.text] {
          asset.steps[place] = compiled
        } else {
          places[step.name.text] = asset.steps.count
          asset.steps.append(compiled)
        }
      }
      asset.steps += (above?.steps ?? []).filter { places[$0.name] == nil }
      size += asset.steps.count + asset.variables.count
      guard size <= Self.sizeLimit else {
        report(
          "mal.language.too-large",
          "the language has more than \(Self.sizeLimit) steps, leads and variables, "
            + "inherited ones counted in every asset", at: syntax.name.location)
        return nil
      }
      built[type] = asset
    }
    return order.compactMap { built[$0] }
  }

  private mutating func compile(
    _ syntax: StepSyntax, of type: Int, inherited: StepType?
  ) -> StepType {
    let own = (syntax.leads?.expressions ?? []).map { expression in
      StepType.Lead(
        expression: lead(expression, from: type).expression, location: expression.location)
    }
    let requires = (syntax.requires?.expressions ?? []).map { walk($0, from: type).expression }
    var step = StepType(
      name: syntax.name.text, kind: syntax.kind, tags: syntax.tags, ttc: syntax.ttc?.compiled,
      meta: syntax.meta.compiled, requires: requires, leadsTo: own,
      declaredIn: types[type].syntax.name.text, location: syntax.location, source: syntax.source)
    step.causalMode = syntax.causalMode
    for letter in syntax.impact {
      step.impact.formUnion(
        letter.text == "C" ? .confidentiality : letter.text == "I" ? .integrity : .availability)
    }
    step.detectors = compiledDetectors(of: syntax, in: type)
    step.effects = effects(of: syntax, in: type)
    guard let inherited, syntax.leads.map(\.isAddition) ?? true else { return step }
    step.leadsTo = inherited.leadsTo + own
    step.tags += inherited.tags
    step.requires += inherited.requires
    step.effects += inherited.effects
    step.meta += inherited.meta.filter { above in !step.meta.contains { $0.key == above.key } }
    return step
  }
}
