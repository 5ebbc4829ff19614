import EngineSupport

/// Holds a draft against a language: types, defences, and fields that become links.
///
/// An error is what mal-toolbox 2.11 refuses to load: unknown types and fields, assets of the wrong type at
/// the end of a field, more assets in a field than the language allows. What it loads and passes over (unknown
/// defences, abstract types, fields with too few assets) is a warning.
struct ModelFileResolver {
  private let language: CompiledLanguage
  private let index: LanguageIndex
  private let draft: ModelFileDraft
  var report: ModelFileReport
  /// The fields of each type by name, own and inherited; `nil` until an asset of the type asks.
  private var fields: [[String: Field]?]
  private let defenses: [Set<String>]
  /// The type of each asset, or −1.
  private var types: [Int] = []
  private var links: [LinkKey] = []

  /// One end of an association as its other side sees it.
  private struct Field {
    var association: Int
    /// Whether the field leads from left to right.
    var leadsRight: Bool
  }

  private struct LinkKey: Hashable, Comparable {
    var left: Int
    var right: Int
    var association: Int

    static func < (one: LinkKey, two: LinkKey) -> Bool {
      (one.left, one.right, one.association) < (two.left, two.right, two.association)
    }
  }

  init(_ draft: ModelFileDraft, against language: CompiledLanguage, report: ModelFileReport) {
    self.draft = draft
    self.language = language
    self.report = report
    index = LanguageIndex(language)
    fields = Array(repeating: nil, count: language.assetTypes.count)
    defenses = language.assetTypes.map { type in
      Set(type.steps.filter { $0.kind == .defense }.map(\.name))
    }
  }

  mutating func model() -> InstanceModel {
    types = draft.assets.map { _ in -1 }
    for position in draft.assets.indices { resolveType(of: position) }
    for mention in draft.mentions { resolve(mention) }
    links.sort()
    links = links.enumerated().filter { $0 == 0 || links[$0 - 1] != $1 }.map(\.element)
    checkMultiplicities()
    checkEntrySteps()
    var shared: [String: Int] = [:]
    for association in language.associations { shared[association.name, default: 0] += 1 }
    // The plain name where no other association of the language has it.
    let names = language.associations.map { shared[$0.name] == 1 ? $0.name : $0.fullName }
    return InstanceModel(
      assets: draft.assets.map { asset in
        InstanceModel.Asset(
          name: asset.name, type: asset.type,
          defenses: Dictionary(
            asset.defenses.map { ($0.name, $0.value) }, uniquingKeysWith: { _, last in last }),
          id: asset.id)
      },
      links: links.map {
        InstanceModel.Link(association: names[$0.association], left: $0.left, right: $0.right)
      })
  }

  private mutating func resolveType(of position: Int) {
    let asset = draft.assets[position]
    guard let type = index.types[asset.type] else {
      report.error(
        "model.type.unknown",
        "asset “\(asset.name)” is a `\(asset.type)`, which `\(language.name)` does not know",
        at: asset.typePlace,
        hint: NearestName.hint(for: asset.type, among: language.assetTypes.map(\.name)))
      return
    }
    types[position] = type
    if language.assetTypes[type].isAbstract {
      report.warning(
        "model.type.abstract", "asset “\(asset.name)” is a `\(asset.type)`, which is abstract",
        at: asset.typePlace, hint: "choose one of the assets that extend it")
    }
    for defense in asset.defenses where !defenses[type].contains(defense.name) {
      report.warning(
        "model.defense.unknown",
        "asset “\(asset.name)”: a `\(asset.type)` has no defence `\(defense.name)`",
        at: defense.place,
        hint: NearestName.hint(for: defense.name, among: defenses[type].sorted()))
    }
  }

  private mutating func resolve(_ mention: ModelFileDraft.Mention) {
    let asset = draft.assets[mention.asset]
    let type = types[mention.asset]
    guard type >= 0 else { return }
    guard let field = fields(of: type)[mention.field] else {
      let here = self
      report.error(
        "model.field.unknown",
        "asset “\(asset.name)”: a `\(asset.type)` has no field `\(mention.field)`",
        at: mention.place, hint: here.fieldHint(mention, type))
      return
    }
    let association = language.associations[field.association]
    checkName(mention, association)
    let end = field.leadsRight ? association.right : association.left
    let wanted = index.types[end.assetType] ?? -1
    for target in mention.targets where types[target.asset] >= 0 {
      guard index.isType(types[target.asset], kindOf: wanted) else {
        let other = draft.assets[target.asset]
        report.error(
          "model.link.end",
          "asset “\(asset.name)”: field `\(mention.field)` holds `\(end.assetType)`, "
            + "and “\(other.name)” is a `\(other.type)`", at: target.place)
        continue
      }
      links.append(
        LinkKey(
          left: field.leadsRight ? mention.asset : target.asset,
          right: field.leadsRight ? target.asset : mention.asset, association: field.association))
    }
  }

  /// Older layouts name the association too: `Name`, or `Name_LeftType_RightType`.
  private mutating func checkName(
    _ mention: ModelFileDraft.Mention, _ association: AssociationType
  ) {
    guard let name = mention.association, name != association.name,
      name.split(separator: "_").first.map(String.init) != association.name
    else { return }
    report.warning(
      "model.file.association",
      "field `\(mention.field)` of “\(draft.assets[mention.asset].name)” belongs to the association "
        + "`\(association.name)`, not to `\(name)`", at: mention.place)
  }

  private func fieldHint(_ mention: ModelFileDraft.Mention, _ type: Int) -> String? {
    let known = fields[type] ?? [:]
    if let near = NearestName.hint(for: mention.field, among: known.keys.sorted()) { return near }
    guard let target = mention.targets.first.map({ types[$0.asset] }), target >= 0 else {
      return nil
    }
    let fitting = known.filter { name, field in
      let association = language.associations[field.association]
      let end = field.leadsRight ? association.right : association.left
      return index.isType(target, kindOf: index.types[end.assetType] ?? -1)
    }
    guard !fitting.isEmpty else { return nil }
    let names = fitting.keys.sorted().prefix(8).map { "`\($0)`" }.joined(separator: ", ")
    return "a `\(language.assetTypes[type].name)` reaches a "
      + "`\(language.assetTypes[target].name)` over \(names)"
  }

  /// As mal-toolbox looks fields up: what the topmost type declares goes first.
  private mutating func fields(of type: Int) -> [String: Field] {
    if let known = fields[type] { return known }
    var result: [String: Field] = [:]
    for ancestor in index.ancestry(of: type).reversed() {
      let name = language.assetTypes[ancestor].name
      for (place, association) in language.associations.enumerated() {
        if association.left.assetType == name, result[association.right.field] == nil {
          result[association.right.field] = Field(association: place, leadsRight: true)
        }
        if association.right.assetType == name, result[association.left.field] == nil {
          result[association.left.field] = Field(association: place, leadsRight: false)
        }
      }
    }
    fields[type] = result
    return result
  }
}

extension ModelFileResolver {
  /// The assets that one asset reaches over one end.
  private struct EndKey: Hashable {
    var asset: Int
    var association: Int
    var isRight: Bool
  }

  private mutating func checkMultiplicities() {
    // Ends that nothing bounds are most, and need no counting.
    let bounded = language.associations.map {
      (
        left: $0.left.minimum > 0 || $0.left.maximum != nil,
        right: $0.right.minimum > 0 || $0.right.maximum != nil
      )
    }
    var counts: [EndKey: Int] = [:]
    for link in links {
      if bounded[link.association].right {
        let key = EndKey(asset: link.left, association: link.association, isRight: true)
        counts[key, default: 0] += 1
      }
      if bounded[link.association].left {
        let key = EndKey(asset: link.right, association: link.association, isRight: false)
        counts[key, default: 0] += 1
      }
    }
    var ends: [Int: [EndKey]] = [:]
    for (position, type) in types.enumerated() where type >= 0 {
      if ends[type] == nil { ends[type] = boundedEnds(of: type) }
      for end in ends[type] ?? [] {
        var key = end
        key.asset = position
        check(key, counts[key] ?? 0)
      }
    }
  }

  /// The bounded ends that an asset of `type` reaches, in the order of the language.
  private func boundedEnds(of type: Int) -> [EndKey] {
    language.associations.enumerated().flatMap { place, association in
      [(association.left, association.right, true), (association.right, association.left, false)]
        .filter { owner, end, _ in
          (end.minimum > 0 || end.maximum != nil)
            && index.isType(type, kindOf: index.types[owner.assetType] ?? -1)
        }
        .map { EndKey(asset: 0, association: place, isRight: $0.2) }
    }
  }

  private mutating func check(_ key: EndKey, _ count: Int) {
    let association = language.associations[key.association]
    let end = key.isRight ? association.right : association.left
    let asset = draft.assets[key.asset]
    // mal-toolbox takes a greatest number of 0 for none.
    if let maximum = end.maximum, maximum > 0, count > maximum {
      let here = self
      report.error(
        "model.multiplicity",
        "asset “\(asset.name)” has \(count) `\(end.field)`, the language allows \(maximum)",
        at: here.place(of: end.field, in: key.asset))
    } else if count < end.minimum {
      report.warning(
        "model.multiplicity",
        "asset “\(asset.name)” has \(count) `\(end.field)`, the language asks for \(end.minimum)",
        at: asset.place)
    }
  }

  private func place(of field: String, in asset: Int) -> ModelFileNode.Place {
    draft.mentions.first { $0.asset == asset && $0.field == field }?.place
      ?? draft.assets[asset].place
  }

  private mutating func checkEntrySteps() {
    for (position, step, place) in draft.entrySteps where types[position] >= 0 {
      let type = language.assetTypes[types[position]]
      guard type.step(named: step) == nil else { continue }
      report.warning(
        "model.file.entry-step",
        "a `\(type.name)` such as “\(draft.assets[position].name)” has no step `\(step)`",
        at: place,
        hint: NearestName.hint(for: step, among: type.steps.map(\.name)))
    }
  }
}
