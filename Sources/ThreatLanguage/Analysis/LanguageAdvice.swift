public import EngineSupport

/// Warnings about a language that compiles but says things without effect: variables nobody calls, steps
/// that nothing leads to, steps that can never be reached.
///
/// A step and its redeclarations in sub-types count as one. An attack may begin wherever a model says so;
/// a step where it is meant to begin is tagged `@entry`.
struct LanguageAdvice {
  /// The tag of steps where attacks begin.
  private static let entryTag = "entry"

  /// A step with its redeclarations, by the topmost type that has it.
  private struct Family: Hashable {
    var type: Int
    var step: String
  }

  private let language: CompiledLanguage
  private let references: LanguageReferences
  private var declarations: [Family: [StepType]] = [:]
  /// In the order of types and steps.
  private var families: [Family] = []
  private var leadsTo: [Family: [LanguageReferences.Lead]] = [:]

  init(_ language: CompiledLanguage) {
    self.language = language
    references = LanguageReferences(language)
    for (index, type) in language.assetTypes.enumerated() {
      for step in type.steps where step.declaredIn == type.name {
        let family = Family(type: references.root(of: step.name, on: index), step: step.name)
        if declarations[family] == nil { families.append(family) }
        declarations[family, default: []].append(step)
      }
    }
    for lead in references.leads {
      let family = Family(
        type: references.root(of: lead.toStep, on: lead.toType), step: lead.toStep)
      let source = Family(
        type: references.root(of: lead.fromStep, on: lead.fromType), step: lead.fromStep)
      // A step that leads to itself on its own asset is not reached by that.
      if lead.staysOnAsset && source == family { continue }
      leadsTo[family, default: []].append(lead)
    }
  }

  var warnings: [Diagnostic] { unusedVariables + stepsNothingLeadsTo + unreachableSteps }

  private var unusedVariables: [Diagnostic] {
    let positions = Dictionary(
      language.assetTypes.enumerated().map { ($1.name, $0) },
      uniquingKeysWith: { first, _ in first })
    var warnings: [Diagnostic] = []
    for case .category(let category) in language.declared.declarations {
      for asset in category.assets {
        guard let type = positions[asset.name.text] else { continue }
        for variable in asset.variables
        where !references.calledVariables.contains(.init(type: type, name: variable.name.text)) {
          warnings.append(
            Diagnostic(
              .warning, "mal.variable.unused", "nothing calls `\(variable.name.text)()`",
              at: variable.name.location))
        }
      }
    }
    return warnings
  }

  private func name(_ family: Family) -> String {
    "`\(language.assetTypes[family.type].name).\(family.step)`"
  }

  private func isAttackStep(_ family: Family) -> Bool {
    declarations[family]?.allSatisfy { $0.kind == .or || $0.kind == .and } ?? false
  }

  private func isEntry(_ family: Family) -> Bool {
    declarations[family]?.contains { $0.tags.contains(Self.entryTag) } ?? false
  }

  private var stepsNothingLeadsTo: [Diagnostic] {
    families.compactMap { family in
      guard isAttackStep(family), !isEntry(family), leadsTo[family] == nil,
        let step = declarations[family]?.first
      else { return nil }
      return Diagnostic(
        .warning, "mal.step.no-lead", "nothing leads to \(name(family))", at: step.location,
        hint: "if attacks begin here, tag it `@\(Self.entryTag)`")
    }
  }

  /// Steps behind one that takes for ever (`[Infinity]`): an `&` that needs it, an `|` with no other way.
  private var unreachableSteps: [Diagnostic] {
    var impossible: [Family: Family] = [:]
    for family in families where takesForever(family) { impossible[family] = family }
    guard !impossible.isEmpty else { return [] }
    var hasChanged = true
    while hasChanged {
      hasChanged = false
      for family in families where impossible[family] == nil && isAttackStep(family) {
        guard let cause = cause(of: family, impossible) else { continue }
        impossible[family] = cause
        hasChanged = true
      }
    }
    return families.compactMap { family in
      guard let cause = impossible[family], cause != family,
        let step = declarations[family]?.first
      else { return nil }
      return Diagnostic(
        .warning, "mal.step.unreachable",
        "\(name(family)) can never be reached: it needs \(name(cause)), which never is",
        at: step.location)
    }
  }

  private func takesForever(_ family: Family) -> Bool {
    declarations[family]?.allSatisfy {
      if case .distribution("Infinity", _) = $0.ttc { true } else { false }
    } ?? false
  }

  private func cause(of family: Family, _ impossible: [Family: Family]) -> Family? {
    guard let leads = leadsTo[family], let steps = declarations[family] else { return nil }
    func source(_ lead: LanguageReferences.Lead) -> Family {
      Family(type: references.root(of: lead.fromStep, on: lead.fromType), step: lead.fromStep)
    }
    if steps.allSatisfy({ $0.kind == .and }) {
      // Certain only where no sub-type can say otherwise.
      return leads.first {
        let source = source($0)
        return $0.staysOnAsset && impossible[source] != nil && source.type == family.type
          && declarations[source]?.count == 1
      }.map(source)
    }
    guard !isEntry(family), steps.allSatisfy({ $0.kind == .or }),
      leads.allSatisfy({ impossible[source($0)] != nil })
    else { return nil }
    return leads.first.map(source)
  }
}

extension CompiledLanguage {
  /// What a language says without effect, as warnings in the order of the source: variables that nothing
  /// calls, steps that nothing leads to, steps that can never be reached.
  public func advice() -> [Diagnostic] { LanguageAdvice(self).warnings }
}
