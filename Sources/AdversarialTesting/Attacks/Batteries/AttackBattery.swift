public import EngineSupport

/// Attacks of an own choice in a row, each on the samples that are left: the union of what they break, for the
/// effort that it needs.
///
/// The usual battery is projected gradient descent, then a random search that sees scores alone, which finds what
/// masked gradients hide.
public struct AttackBattery: AdversarialAttack {
  public static let name = "battery"
  public static let needs = TargetAccess.gradients
  public static var norms: [PerturbationNorm] { [.linf, .l2] }

  /// In their order.
  public var stages: [AttackPlan]

  public init() {
    stages = [
      AttackPlan(usable: ProjectedGradientDescent()),
      AttackPlan(usable: SquareAttack(queries: 1_000)),
    ]
  }

  /// - Throws: `test.attack.parameters` for no stage, or one with parameters out of range.
  public init(_ attacks: [any AdversarialAttack]) throws(Diagnostic) {
    var stages: [AttackPlan] = []
    for attack in attacks { stages.append(try AttackPlan(attack)) }
    self.stages = stages
    guard isUsable else {
      throw Diagnostic("test.attack.parameters", "a battery has between 1 and 16 stages")
    }
  }

  public var isUsable: Bool {
    (1...16).contains(stages.count) && stages.allSatisfy { !($0.attack is AttackBattery) }
  }

  public var parameters: [AttackParameter] {
    [AttackParameter("stages", stages.map { type(of: $0.attack).name }.joined(separator: ", "))]
      + stages.flatMap { stage in
        stage.attack.parameters.map {
          AttackParameter("\(type(of: stage.attack).name): \($0.name)", $0.value)
        }
      }
  }

  /// Each stage with twice its effort, where it has one.
  public var doubled: (any AdversarialAttack)? {
    var doubled = self
    doubled.stages = stages.map { stage in
      stage.attack.doubled.map { AttackPlan(usable: $0) } ?? stage
    }
    return doubled == self ? nil : doubled
  }

  public func prepared(
    on batch: AttackBatch, asking oracle: inout TargetOracle
  ) throws -> any AdversarialAttack {
    var prepared = self
    for place in stages.indices {
      prepared.stages[place] = AttackPlan(
        usable: try stages[place].attack.prepared(on: batch, asking: &oracle))
    }
    return prepared
  }

  public func search(
    _ batch: AttackBatch, asking oracle: inout TargetOracle
  ) throws -> [AttackFinding] {
    try AttackSequence(stages.map(\.attack)).search(batch, asking: &oracle)
  }
}
