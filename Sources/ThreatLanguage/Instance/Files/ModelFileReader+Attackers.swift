import EngineSupport

/// `attackers`: part of models before 1.0, kept since then.
extension ModelFileReader {
  mutating func readAttackers(_ node: ModelFileNode) {
    guard let members = node.members else {
      if !node.isNull {
        report.error(
          "model.file.attacker",
          "`attackers` is a mapping of ids to attackers, not \(node.description)",
          at: node.place)
      }
      return
    }
    var attackers: [InstanceModelFile.Attacker] = []
    var ids: Set<Int> = []
    for member in members {
      guard let id = PythonNumber.integer(member.key) else {
        report.error(
          "model.file.attacker",
          "an attacker's id is a whole number, not \(member.key.description)",
          at: member.key.place)
        continue
      }
      guard ids.insert(id).inserted else {
        report.error(
          "model.file.duplicate-id", "two attackers have the id \(id)", at: member.key.place)
        continue
      }
      if let attacker = readAttacker(id, member.value) { attackers.append(attacker) }
    }
    draft.attackers = attackers
  }

  private mutating func readAttacker(
    _ id: Int, _ node: ModelFileNode
  ) -> InstanceModelFile.Attacker? {
    guard let members = node.members, let name = node["name"]?.text else {
      report.error(
        "model.file.attacker", "attacker \(id) is a mapping of `name` and `entry_points`",
        at: node.place)
      return nil
    }
    var attacker = InstanceModelFile.Attacker(id: id, name: name, entryPoints: [])
    if let points = node["entry_points"] {
      attacker.entryPoints = readEntryPoints(points, "attacker “\(name)”")
    }
    let known = ["name", "entry_points"]
    attacker.other = kept(members.filter { !known.contains($0.key.text ?? "") })
    return attacker
  }

  private mutating func readEntryPoints(
    _ node: ModelFileNode, _ title: String
  ) -> [InstanceModelFile.EntryPoint] {
    guard let members = node.members else {
      if !node.isNull {
        report.error(
          "model.file.attacker",
          "\(title): `entry_points` is a mapping of assets, not \(node.description)",
          at: node.place)
      }
      return []
    }
    var points: [InstanceModelFile.EntryPoint] = []
    var known: [Int: Int] = [:]
    for member in members {
      guard let point = readEntryPoint(member, title) else { continue }
      if let earlier = known[point.asset] {
        points[earlier].steps += point.steps.filter { !points[earlier].steps.contains($0) }
        points[earlier].other += point.other
      } else {
        known[point.asset] = points.count
        points.append(point)
      }
    }
    return points
  }

  private mutating func readEntryPoint(
    _ member: ModelFileNode.Member, _ title: String
  ) -> InstanceModelFile.EntryPoint? {
    let node = member.value
    guard let members = node.members, case .list(let steps)? = node["attack_steps"]?.kind else {
      report.error(
        "model.file.attacker",
        "\(title): the entry point \(member.key.description) has no list of `attack_steps`",
        at: node.place)
      return nil
    }
    let position: Int?
    if let id = node["asset_id"] {
      position = asset(id, for: title)
      if let position, let name = member.key.text, name != draft.assets[position].name,
        name != draft.assets[position].writtenName
      {
        report.warning(
          "model.file.stale-name",
          "\(title): asset \(draft.assets[position].id) is called “\(draft.assets[position].name)”, not “\(name)”",
          at: member.key.place)
      }
    } else {
      old("entry points by asset id")
      position = asset(member.key, for: title)
    }
    guard let position else { return nil }
    var point = InstanceModelFile.EntryPoint(asset: position, steps: [])
    for step in steps {
      guard let name = step.text else {
        report.error(
          "model.file.attacker", "\(title): an attack step is a name, not \(step.description)",
          at: step.place)
        continue
      }
      point.steps.append(name)
      draft.entrySteps.append((position, name, step.place))
    }
    let known = ["asset_id", "attack_steps"]
    point.other = kept(members.filter { !known.contains($0.key.text ?? "") })
    return point
  }
}
