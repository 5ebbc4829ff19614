import EngineSupport
import ThreatLanguage

/// A language prepared for generation: for each asset type, which walks its assets do and what they find.
struct GraphPlan {
  struct TypePlan {
    /// Places in the walk program of the different walks of the type's leads.
    var walks: [Int32] = []
    /// In step order.
    var leads: [LeadPlan] = []
    /// The leads of step s are `leadOffsets[s]..<leadOffsets[s + 1]`.
    var leadOffsets: [Int] = [0]
    /// Existence checks: the step's position, whether it asks for existence, and the walks it looks at.
    var checks: [(step: Int, wantsExistence: Bool, walks: [Int32])] = []
  }

  struct LeadPlan {
    /// Position in the type's `walks`.
    var walk: Int
    /// Number of the name of the step at the end.
    var target: Int
    /// Position in `rules`.
    var rule: Int32
    /// Another lead of the same step ends at a step of the same name, so that an edge may be found twice.
    var mayRepeat: Bool
  }

  private(set) var types: [TypePlan] = []
  private(set) var program: WalkProgram
  /// Where each lead stands in the source.
  private(set) var rules: [SourceLocation] = []
  /// The step names that leads end at.
  private(set) var targetNames: [String] = []
  /// For each target name and type, the step's position in the type or −1; see `position(of:in:)`.
  private var positions: [Int32] = []
  private let typeCount: Int

  /// Prepares the types that `isUsed` marks.
  init(
    _ language: CompiledLanguage, index: LanguageIndex, fields: [String: Int32], isUsed: [Bool]
  ) {
    typeCount = language.assetTypes.count
    program = WalkProgram(language, index: index, fields: fields)
    var names: [String: Int] = [:]
    for (type, asset) in language.assetTypes.enumerated() {
      types.append(isUsed[type] ? plan(asset, &names) : TypePlan())
    }
    positions = Array(repeating: -1, count: targetNames.count * typeCount)
    for (type, asset) in language.assetTypes.enumerated() where isUsed[type] {
      for (position, step) in asset.steps.enumerated() {
        if let name = names[step.name] { positions[name * typeCount + type] = Int32(position) }
      }
    }
  }

  /// The position of a target's step among the steps of `type`, or −1.
  @inline(__always)
  func position(of target: Int, in type: Int32) -> Int32 {
    positions[target * typeCount + Int(type)]
  }

  private mutating func plan(_ type: AssetType, _ names: inout [String: Int]) -> TypePlan {
    var plan = TypePlan()
    var known: [Int32: Int] = [:]
    for (position, step) in type.steps.enumerated() {
      let first = plan.leads.count
      for lead in step.leadsTo {
        let (path, target) = Self.split(lead.expression)
        guard let target else { continue }
        let walk = program.walk(path)
        let place = known[walk] ?? plan.walks.count
        if place == plan.walks.count {
          known[walk] = place
          plan.walks.append(walk)
        }
        let name = names[target] ?? targetNames.count
        if name == targetNames.count {
          names[target] = name
          targetNames.append(target)
        }
        plan.leads.append(
          LeadPlan(walk: place, target: name, rule: Int32(rules.count), mayRepeat: false))
        rules.append(lead.location)
      }
      var lastOfName: Set<Int> = []
      for place in first..<plan.leads.count {
        plan.leads[place].mayRepeat = !lastOfName.insert(plan.leads[place].target).inserted
      }
      plan.leadOffsets.append(plan.leads.count)
      if step.kind == .exist || step.kind == .notExist {
        plan.checks.append(
          (position, step.kind == .exist, step.requires.map { program.walk($0) }))
      }
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
