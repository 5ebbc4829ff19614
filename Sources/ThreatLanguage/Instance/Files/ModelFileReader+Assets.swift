import EngineSupport

/// `assets`: numbers, names, types, defences and fields.
extension ModelFileReader {
  mutating func readAssets(_ node: ModelFileNode) {
    guard let members = node.members else {
      if node.isNull { return }
      report.error(
        "model.file.shape", "`assets` is a mapping of ids to assets, not \(node.description)",
        at: node.place)
      return
    }
    var numbered: [(id: Int, member: ModelFileNode.Member)] = []
    numbered.reserveCapacity(members.count)
    for member in members {
      guard let id = PythonNumber.integer(member.key) else {
        report.error(
          "model.file.id", "an asset's id is a whole number, not \(member.key.description)",
          at: member.key.place)
        continue
      }
      guard draft.positions[id] == nil else {
        report.error(
          "model.file.duplicate-id", "two assets have the id \(id)", at: member.key.place)
        continue
      }
      draft.positions[id] = numbered.count
      numbered.append((id, member))
    }
    draft.hasFields = numbered.contains { $0.member.value["associated_assets"] != nil }
    var names: [String: Int] = [:]
    var fields: [ModelFileNode?] = []
    for (id, member) in numbered {
      fields.append(readAsset(id, member))
      keepUnique(&names)
    }
    for (position, node) in fields.enumerated() {
      if let node { readFields(node, of: position) }
    }
  }

  /// Appends one asset, and gives its `associated_assets`.
  private mutating func readAsset(_ id: Int, _ member: ModelFileNode.Member) -> ModelFileNode? {
    let node = member.value
    var asset = ModelFileDraft.Asset(
      id: id, name: "", writtenName: "", type: "", typePlace: node.place, defenses: [],
      place: member.key.place)
    defer { draft.assets.append(asset) }
    guard let members = node.members else {
      // An asset may be its type alone.
      guard let type = node.text, !node.isNull else {
        report.error(
          "model.file.asset",
          "asset \(id) is a mapping of `name` and `type`, not \(node.description)",
          at: node.place)
        return nil
      }
      asset.type = type
      asset.name = "\(type):\(id)"
      asset.writtenName = asset.name
      return nil
    }
    var fields: ModelFileNode?
    var details = InstanceModelFile.AssetDetails()
    var other: [ModelFileNode.Member] = []
    // The name first: errors of the other keys say it.
    if let name = node["name"] { asset.name = readName(name, id) }
    asset.writtenName = asset.name
    var hasType = false
    for member in members {
      let value = member.value
      switch member.key.text {
      case "name": break
      case let key where key == "type" || key == "metaconcept" && node["type"] == nil:
        if key == "metaconcept" { old("`metaconcept` of assets") }
        hasType = true
        asset.typePlace = value.place
        guard let type = value.text else {
          report.error(
            "model.file.asset",
            "asset \(Self.title(asset)): a type is a name, not \(value.description)",
            at: value.place)
          continue
        }
        asset.type = type
      case "defenses": asset.defenses = readDefenses(value, Self.title(asset))
      case "associated_assets": fields = value
      case "extras": details.extras = readExtras(value, Self.title(asset))
      case "eid" where value.text == String(id):
        // mal-toolbox 0.0 repeats the id.
        old("`eid` of assets")
      case let key:
        report.warning(
          "model.file.unknown-key",
          "asset \(Self.title(asset)): `\(key ?? "")` is not known; it is kept and not used",
          at: member.key.place,
          hint: NearestName.hint(
            for: key ?? "",
            among: ["associated_assets", "defenses", "extras", "name", "type"]))
        other.append(member)
      }
    }
    if !hasType {
      report.error("model.file.asset", "asset \(Self.title(asset)) has no `type`", at: node.place)
    }
    if node["name"] == nil {
      report.error("model.file.asset", "asset \(id) has no `name`", at: node.place)
    } else if asset.name.isEmpty {
      asset.name = "\(asset.type):\(id)"
    }
    details.other = kept(other)
    if !details.extras.isEmpty || !details.other.isEmpty {
      draft.details[draft.assets.count] = details
    }
    return fields
  }

  private static func title(_ asset: ModelFileDraft.Asset) -> String {
    asset.name.isEmpty ? "\(asset.id)" : "“\(asset.name)”"
  }

  private mutating func readName(_ node: ModelFileNode, _ id: Int) -> String {
    guard let text = node.text else {
      report.error(
        "model.file.asset", "asset \(id): a name is text, not \(node.description)", at: node.place)
      return ""
    }
    if node.isNull { return "" }
    if case .scalar(_, .quoted) = node.kind { return text }
    if let value = try? node.value(), case .text = value { return text }
    report.warning(
      "model.file.name",
      "asset \(id): the name \(node.description) is not text; it is read as text",
      at: node.place, hint: "put it in quotes")
    return text
  }

  /// A name that stands already gets the id behind it, as mal-toolbox does.
  private mutating func keepUnique(_ names: inout [String: Int]) {
    let position = draft.assets.count - 1
    guard !draft.assets[position].name.isEmpty else { return }
    let name = draft.assets[position].name
    if names[name] != nil {
      let longer = "\(name):\(draft.assets[position].id)"
      report.warning(
        "model.asset.renamed", "two assets are called “\(name)”; this one becomes “\(longer)”",
        at: draft.assets[position].place)
      draft.assets[position].name = longer
    }
    let kept = draft.assets[position].name
    if names.updateValue(position, forKey: kept) != nil {
      report.error(
        "model.asset.duplicate", "two assets are called “\(kept)”",
        at: draft.assets[position].place)
    }
  }

  private mutating func readDefenses(
    _ node: ModelFileNode, _ title: String
  ) -> [(name: String, value: Double, place: Place)] {
    guard let members = node.members else {
      if !node.isNull || node.text == "" {
        report.error(
          "model.file.asset", "asset \(title): `defenses` is a mapping, not \(node.description)",
          at: node.place)
      }
      return []
    }
    return members.compactMap { member in
      let name = member.key.text ?? ""
      guard let value = PythonNumber.double(member.value) else {
        report.error(
          "model.file.defense",
          "asset \(title): defence `\(name)` is a probability, not \(member.value.description)",
          at: member.value.place)
        return nil
      }
      guard (0...1).contains(value) else {
        report.error(
          "model.defense.range",
          "asset \(title): defence `\(name)` is \(member.value.description), not between 0 and 1",
          at: member.value.place)
        return nil
      }
      return (name, value, member.key.place)
    }
  }

  private mutating func readExtras(_ node: ModelFileNode, _ title: String) -> [Value.Entry] {
    guard let members = node.members else {
      if !node.isNull {
        report.error(
          "model.file.asset", "asset \(title): `extras` is a mapping, not \(node.description)",
          at: node.place)
      }
      return []
    }
    return kept(members)
  }

  /// `associated_assets: {field: {id: name}}`, or with a list of ids.
  private mutating func readFields(_ node: ModelFileNode, of asset: Int) {
    let title = draft.assets[asset].name
    guard let members = node.members else {
      if !node.isNull {
        report.error(
          "model.file.asset",
          "asset “\(title)”: `associated_assets` is a mapping of fields, not \(node.description)",
          at: node.place)
      }
      return
    }
    for member in members {
      let field = member.key.text ?? ""
      let targets = readTargets(member.value) { "asset “\(title)”, field `\(field)`" }
      draft.mentions.append(
        ModelFileDraft.Mention(
          asset: asset, field: field, place: member.key.place, targets: targets))
    }
  }

  /// Assets as `{id: name}`, as a list of ids.
  mutating func readTargets(
    _ node: ModelFileNode, for purpose: () -> String
  ) -> [(asset: Int, place: Place)] {
    switch node.kind {
    case .mapping(let members):
      return members.compactMap { member in
        guard let target = asset(member.key, for: purpose()) else { return nil }
        if let name = member.value.text, !member.value.isNull,
          name != draft.assets[target].name, name != draft.assets[target].writtenName
        {
          report.warning(
            "model.file.stale-name",
            "\(purpose()): asset \(draft.assets[target].id) is called “\(draft.assets[target].name)”, not “\(name)”",
            at: member.value.place)
        }
        return (target, member.key.place)
      }
    case .list(let elements):
      return elements.compactMap { element in
        asset(element, for: purpose()).map { ($0, element.place) }
      }
    case .scalar:
      if !node.isNull {
        report.error(
          "model.file.shape", "\(purpose()): expected ids of assets, not \(node.description)",
          at: node.place)
      }
      return []
    }
  }
}
