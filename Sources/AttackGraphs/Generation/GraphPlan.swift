import EngineSupport
import ThreatLanguage

/// A language prepared for generation: for each asset type, which walks its assets do and what they find.
struct GraphPlan {
  struct TypePlan {
    /// Different walks of the type's leads and requirements.
    var walks: [Walk] = []
    /// In step order.
    var leads: [LeadPlan] = []
    /// For each step, the walks that its existence check looks at; `nil` for other steps.
    var requirements: [[Int]?] = []
  }

  struct LeadPlan {
    var step: Int32
    var walk: Int
    var targetName: String
    /// Position in `rules`.
    var rule: Int32
  }

  private(set) var types: [TypePlan] = []
  /// For each type, its variables by number.
  private(set) var variables: [[Int: Walk]] = []
  /// Where each lead stands in the source.
  private(set) var rules: [SourceLocation] = []
  /// For each type, the positions of its steps.
  let stepPositions: [[String: Int32]]

  /// Prepares the types that `isUsed` marks; variables of all.
  init(_ language: CompiledLanguage, planner: inout WalkPlanner, isUsed: [Bool]) {
    stepPositions = language.assetTypes.map { type in
      Dictionary(
        type.steps.enumerated().map { ($1.name, Int32($0)) },
        uniquingKeysWith: { first, _ in first })
    }
    var numbers: [StepExpression: Walk] = [:]
    for (index, type) in language.assetTypes.enumerated() {
      var lowered: [Int: Walk] = [:]
      for (name, expression) in type.variables.sorted(by: { $0.key < $1.key }) {
        let walk = numbers[expression] ?? planner.walk(expression)
        numbers[expression] = walk
        lowered[planner.variableID(name)] = walk
      }
      variables.append(lowered)
      types.append(isUsed[index] ? plan(type, &planner) : TypePlan())
    }
  }

  private mutating func plan(_ type: AssetType, _ planner: inout WalkPlanner) -> TypePlan {
    var plan = TypePlan()
    var known: [StepExpression: Int] = [:]
    func number(_ expression: StepExpression) -> Int {
      if let walk = known[expression] { return walk }
      known[expression] = plan.walks.count
      plan.walks.append(planner.walk(expression))
      return plan.walks.count - 1
    }
    for (position, step) in type.steps.enumerated() {
      for lead in step.leadsTo {
        let (path, target) = Self.split(lead.expression)
        guard let target else { continue }
        plan.leads.append(
          LeadPlan(
            step: Int32(position), walk: number(path), targetName: target, rule: Int32(rules.count))
        )
        rules.append(lead.location)
      }
      let isCheck = step.kind == .exist || step.kind == .notExist
      plan.requirements.append(isCheck ? step.requires.map(number) : nil)
    }
    return plan
  }

  /// A lead's way to assets, and the step it ends at: `a.b.step` is the way `a.b` and `step`.
  private static func split(_ lead: StepExpression) -> (path: StepExpression, target: String?) {
    switch lead {
    case .step(let name): return (.step(""), name)
    case .collect(let left, .step(let name)): return (left, name)
    case .collect(let left, let right):
      let (rest, target) = split(right)
      return (.collect(left, rest), target)
    default: return (lead, nil)
    }
  }
}
