import EngineSupport
import ThreatLanguage

/// The attack graph as the JSON file that mal-toolbox saves, so that other tools of the MAL family read it.
extension AttackGraph {
  /// Steps by full name, each with its id, type, time, neighbours, existence status and tags; ids are step
  /// numbers. Members stand as mal-toolbox 2.11 writes them; neighbours in ascending order.
  public func file() -> [UInt8] {
    var output: [UInt8] = Array("{\n    \"attack_steps\": {".utf8)
    var isFirst = true
    for asset in instance.assets.indices {
      for step in steps(of: asset) {
        output += (isFirst ? "\n        " : ",\n        ").utf8
        isFirst = false
        SpecificationText.write(.string(name(of: step)), indent: 8, to: &output)
        output += ": ".utf8
        SpecificationText.write(entry(of: step, asset: asset), indent: 8, to: &output)
      }
    }
    output += (isFirst ? "}\n}\n" : "\n    }\n}\n").utf8
    return output
  }

  private func entry(of step: StepID, asset: Int) -> JSONValue {
    let type = type(of: step)
    let owner = instance.assets[asset]
    var members: [(String, JSONValue?)] = [
      ("id", .integer(step)), ("type", .string(type.kind.rawValue)),
      ("lang_graph_attack_step", .string("\(owner.type):\(type.name)")),
      ("name", .string(type.name)), ("ttc", time(of: step, type, owner)),
      ("children", neighbours(children(of: step).sorted())),
      ("parents", neighbours(Array(parents(of: step)))), ("asset", .string(owner.name)),
    ]
    if type.kind == .exist || type.kind == .notExist {
      // The status is whether what is asked for exists, not whether the check holds.
      members.append(("existence_status", .bool(isViable(step) == (type.kind == .exist))))
    }
    if !type.tags.isEmpty { members.append(("tags", .strings(type.tags))) }
    return .object(members)
  }

  /// The language's time, or for a defence that the model gives a probability that one.
  private func time(
    of step: StepID, _ type: StepType, _ owner: InstanceModel.Asset
  ) -> JSONValue {
    if type.kind == .defense, let value = owner.defenses[type.name] {
      return TTCExpression.distribution("Bernoulli", [value]).specification
    }
    return type.ttc?.specification ?? .null
  }

  private func neighbours(_ steps: [Int32]) -> JSONValue {
    .object(steps.map { (String($0), .string(name(of: Int($0)))) })
  }
}
