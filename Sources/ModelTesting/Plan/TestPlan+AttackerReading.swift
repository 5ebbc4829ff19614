import AdversarialTesting
import EngineSupport
import YAMLDocuments
import Yams

/// The entries of `attackers` in a plan.
extension TestPlan.Attacker {
  init(
    _ value: YAMLValue, _ input: TestPlan.Input, _ diagnostics: inout Diagnostics
  ) throws(Diagnostic) {
    var section = try value.section()
    front = try section.required("front").choice(of: TestPlan.Front.self)
    writes = Array(input.channels.indices)
    if let value = section.optional("writes") { writes = try input.places(value) }
    let knowledge =
      try section.optional("knowledge")?.choice(of: TargetAccess.self) ?? .gradients
    let norm = try section.optional("norm")?.choice(of: PerturbationNorm.self) ?? .linf
    self.knowledge = knowledge
    self.norm = norm
    let measured = section.optional("measured_in")
    measure =
      try measured?.choice(of: TestPlan.BudgetMeasure.self) ?? (norm == .l0 ? .elements : .unit)
    let ladder = try section.required("budgets")
    budgets = try Self.budgets(ladder)
    let choice = try section.required("chosen")
    chosen = try choice.number()
    guard budgets.contains(chosen) else {
      throw choice.wrong("the chosen budget must be one of the budgets")
    }
    reason = try section.required("reason").text()
    obeysLaws = try section.optional("obeys_laws")?.flag() ?? true
    attacks = try section.optional("attacks").map { value throws(Diagnostic) in
      try Self.attacks(value, norm: norm, knowledge: knowledge, &diagnostics)
    }
    measurementModel = try section.optional("measurement_model").map { value throws(Diagnostic) in
      var section = try value.section()
      let reference = TestPlan.MeasurementReference(
        file: try TestPlan.FileReference(section.required("file")),
        array: try section.required("matrix").text(),
        residualLimit: try section.optional("residual_limit")?.notNegative())
      section.finish(reportingTo: &diagnostics)
      return reference
    }
    acceptance = try section.optional("acceptance").map { value throws(Diagnostic) in
      try TestPlan.Acceptance(value, &diagnostics)
    }
    location = value.location
    section.finish(reportingTo: &diagnostics)
    try checkMeasure(input, at: measured ?? value)
  }

  private static func budgets(_ ladder: YAMLValue) throws(Diagnostic) -> [Double] {
    var budgets: [Double] = []
    for step in try ladder.elements() {
      let budget = try step.number()
      guard budget > budgets.last ?? 0, budget <= 1e30 else {
        throw step.wrong("budgets are positive and ascending")
      }
      budgets.append(budget)
    }
    guard (1...32).contains(budgets.count) else {
      throw ladder.wrong("give between 1 and 32 budgets")
    }
    return budgets
  }

  private func checkMeasure(
    _ input: TestPlan.Input, at value: YAMLValue
  ) throws(Diagnostic) {
    let written = writes.map { input.channels[$0] }
    switch measure {
    case .unit where Set(written.map(\.unit)).count > 1:
      throw value.wrong(
        "the channels that can be written have several units: measure the budgets in noise, "
          + "least-significant-bit or percent-of-span")
    case .noise where written.contains { $0.noise == 0 }:
      throw value.wrong("a channel that can be written does not say its noise")
    case .bits where written.contains { $0.leastSignificantBit == 0 }:
      throw value.wrong("a channel that can be written does not say its least significant bit")
    case .elements where norm != .l0:
      throw value.wrong("elements are the measure of the norm L0 alone")
    case .noise, .bits, .percent:
      guard norm == .linf else {
        throw value.wrong("shares of each channel need the norm L-infinity")
      }
    case .unit where norm == .l0: throw value.wrong("L0 counts elements")
    case .unit, .elements: break
    }
  }

  private static func attacks(
    _ list: YAMLValue, norm: PerturbationNorm, knowledge: TargetAccess,
    _ diagnostics: inout Diagnostics
  ) throws(Diagnostic) -> [AttackPlan] {
    var plans: [AttackPlan] = []
    for value in try list.elements() {
      let plan = try AttackPlan(value, &diagnostics)
      let kind = type(of: plan.attack)
      guard kind.norms.contains(norm) else {
        throw value.wrong("\(kind.name) does not search in the norm \(norm.rawValue)")
      }
      guard kind.needs <= knowledge else {
        throw value.wrong(
          "\(kind.name) needs \(kind.needs.rawValue), more than this attacker knows")
      }
      plans.append(plan)
    }
    guard !plans.isEmpty else { throw list.wrong("the list is empty") }
    return plans
  }
}

extension TestPlan.Acceptance {
  init(_ value: YAMLValue, _ diagnostics: inout Diagnostics) throws(Diagnostic) {
    var section = try value.section()
    largestRate = try section.required("largest_rate").share()
    reason = try section.required("reason").text()
    section.finish(reportingTo: &diagnostics)
  }
}

extension AttackPlan {
  /// A name, or a mapping of `attack` and the parameters that differ from the usual ones.
  fileprivate init(
    _ value: YAMLValue, _ diagnostics: inout Diagnostics
  ) throws(Diagnostic) {
    guard value.isMapping else {
      try self.init(Self.kind(value).init())
      return
    }
    var section = try value.section()
    let kind = try Self.kind(section.required("attack"))
    try self.init(Self.attack(kind, &section, at: value))
    section.finish(reportingTo: &diagnostics)
  }

  private static func kind(
    _ value: YAMLValue
  ) throws(Diagnostic) -> any AdversarialAttack.Type {
    let name = try value.text()
    guard let kind = AdversarialAttacks.all.first(where: { $0.name == name }) else {
      var diagnostic = value.wrong("no attack is called \"\(name)\"")
      diagnostic.hint = "known: " + AdversarialAttacks.all.map { $0.name }.joined(separator: ", ")
      throw diagnostic
    }
    return kind
  }

  /// The usual parameters as YAML, with those of the section in their place, read back as the attack.
  private static func attack<Attack: AdversarialAttack>(
    _ kind: Attack.Type, _ section: inout YAMLSection, at value: YAMLValue
  ) throws(Diagnostic) -> any AdversarialAttack {
    do {
      guard
        case .mapping(var parameters)? = try Yams.compose(yaml: YAMLEncoder().encode(Attack()))
      else { return Attack() }
      for key in parameters.keys.compactMap(\.string) {
        if let given = section.optional(key) { parameters[Node(key)] = given.node }
      }
      return try YAMLDecoder().decode(Attack.self, from: .mapping(parameters))
    } catch let diagnostic as Diagnostic {
      throw diagnostic
    } catch {
      throw value.wrong("a parameter of \(Attack.name) does not have the type it needs")
    }
  }
}
