public import EngineSupport

/// Writes model files in the layout of mal-toolbox 2.11, which it loads as they are.
extension InstanceModelFile {
  public enum Format: String, Sendable, Hashable, CaseIterable {
    case json, yaml
  }

  /// The file as bytes, always the same for equal values.
  ///
  /// Links are written at both ends, by the fields that `language` gives their association. Assets without an
  /// id get the next free number. Throws `model.link.unknown` for a link that `language`
  /// does not have, and `model.link.end` where a link or an attacker names an asset that is not there.
  public func bytes(
    as format: Format, in language: CompiledLanguage
  ) throws(Diagnostic) -> [UInt8] {
    let fields = try FieldLists(of: model, in: language)
    for attacker in attackers ?? [] {
      for point in attacker.entryPoints where !model.assets.indices.contains(point.asset) {
        throw Diagnostic(
          "model.link.end", "attacker “\(attacker.name)” begins at an asset that is not there")
      }
    }
    let ids = Self.ids(of: model)
    switch format {
    case .json:
      var output = ModelJSONOutput()
      write(to: &output, fields, ids)
      return output.bytes
    case .yaml:
      var output = ModelYAMLOutput()
      write(to: &output, fields, ids)
      return output.bytes
    }
  }

  private func write(to output: inout some ModelOutput, _ fields: FieldLists, _ ids: [Int]) {
    output.open(nil)
    output.member(.text("metadata"), .mapping(metadata))
    if model.assets.isEmpty {
      output.member(.text("assets"), .mapping([]))
    } else {
      output.open(.text("assets"))
      for position in model.assets.indices { write(position, to: &output, fields, ids) }
      output.close()
    }
    if let attackers {
      output.member(
        .text("attackers"),
        .mapping(attackers.map { Value.Entry(.integer($0.id), value(of: $0, ids)) }))
    }
    for entry in other { output.member(entry.key, entry.value) }
    output.close()
  }

  private func write(
    _ position: Int, to output: inout some ModelOutput, _ fields: FieldLists, _ ids: [Int]
  ) {
    let asset = model.assets[position]
    output.open(.integer(ids[position]))
    output.member(.text("name"), .text(asset.name))
    output.member(.text("type"), .text(asset.type))
    if !asset.defenses.isEmpty {
      let defenses = asset.defenses.sorted { $0.key < $1.key }
      output.member(
        .text("defenses"), .mapping(defenses.map { Value.Entry($0.key, .number($0.value)) }))
    }
    output.member(
      .text("associated_assets"),
      .mapping(
        fields[position].map { field, targets in
          Value.Entry(
            field,
            .mapping(
              targets.map { Value.Entry(.integer(ids[$0]), .text(model.assets[$0].name)) }))
        }))
    if let details = details[position] {
      if !details.extras.isEmpty { output.member(.text("extras"), .mapping(details.extras)) }
      for entry in details.other { output.member(entry.key, entry.value) }
    }
    output.close()
  }

  private func value(of attacker: Attacker, _ ids: [Int]) -> Value {
    let points = attacker.entryPoints.map { point in
      Value.Entry(
        model.assets[point.asset].name,
        .mapping(
          [
            Value.Entry("asset_id", .integer(ids[point.asset])),
            Value.Entry("attack_steps", .list(point.steps.map(Value.text))),
          ] + point.other))
    }
    return .mapping(
      [Value.Entry("name", .text(attacker.name)), Value.Entry("entry_points", .mapping(points))]
        + attacker.other)
  }

  /// The number of each asset: its own, or the next one that nobody has.
  private static func ids(of model: InstanceModel) -> [Int] {
    var taken = Set(model.assets.compactMap(\.id))
    var kept: Set<Int> = []
    var next = 0
    return model.assets.map { asset in
      if let id = asset.id, kept.insert(id).inserted { return id }
      while taken.contains(next) { next += 1 }
      taken.insert(next)
      return next
    }
  }
}

/// For each asset, its fields and the assets in them: links as files list them.
private struct FieldLists {
  private var lists: [[(field: String, targets: [Int])]]

  subscript(asset: Int) -> [(field: String, targets: [Int])] { lists[asset] }

  init(of model: InstanceModel, in language: CompiledLanguage) throws(Diagnostic) {
    let index = LanguageIndex(language)
    lists = Array(repeating: [], count: model.assets.count)
    var seen: Set<InstanceModel.Link> = []
    for link in model.links {
      guard model.assets.indices.contains(link.left), model.assets.indices.contains(link.right)
      else {
        throw Diagnostic(
          "model.link.end", "a link (`\(link.association)`) names an asset that is not there")
      }
      let left = model.assets[link.left]
      let right = model.assets[link.right]
      guard let leftType = index.types[left.type], let rightType = index.types[right.type],
        let association = index.associations(
          named: link.association, left: leftType, right: rightType
        ).first.map({ language.associations[$0] })
      else {
        throw Diagnostic(
          "model.link.unknown",
          "`\(language.name)` has no association `\(link.association)` to link “\(left.name)” "
            + "(`\(left.type)`) and “\(right.name)” (`\(right.type)`)")
      }
      guard seen.insert(link).inserted else { continue }
      add(link.right, to: association.right.field, of: link.left)
      add(link.left, to: association.left.field, of: link.right)
    }
  }

  /// Assets have few fields, so a walk is faster than a table.
  private mutating func add(_ target: Int, to field: String, of asset: Int) {
    if let place = lists[asset].firstIndex(where: { $0.field == field }) {
      lists[asset][place].targets.append(target)
    } else {
      lists[asset].append((field, [target]))
    }
  }
}
