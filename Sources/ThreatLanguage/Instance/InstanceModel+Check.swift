public import EngineSupport

extension InstanceModel {
  /// Whether the model keeps to `language`: reports `model.…` errors for unknown or abstract types, unknown
  /// defences, values outside 0…1, links whose ends do not fit, and names used twice; multiplicities that
  /// are not kept are warnings. Time and memory are linear in assets and links.
  ///
  /// A link's `association` is the plain name, or `AssociationType.fullName` where several of one name fit.
  public func check(
    against language: CompiledLanguage, reportingTo diagnostics: inout Diagnostics
  ) {
    let index = LanguageIndex(language)
    let types = checkAssets(index, language, &diagnostics)
    let neighbours = checkLinks(types, index, language, &diagnostics)
    checkMultiplicities(types, neighbours, index, language, &diagnostics)
  }

  /// The type of each asset, or −1 after an error.
  private func checkAssets(
    _ index: LanguageIndex, _ language: CompiledLanguage, _ diagnostics: inout Diagnostics
  ) -> [Int] {
    var names: Set<String> = []
    let defenses = language.assetTypes.map { type in
      Set(type.steps.filter { $0.kind == .defense }.map(\.name))
    }
    return assets.map { asset in
      if !names.insert(asset.name).inserted {
        diagnostics.report(
          Diagnostic("model.asset.duplicate", "two assets are called “\(asset.name)”"))
      }
      guard let type = index.types[asset.type] else {
        diagnostics.report(
          Diagnostic(
            "model.type.unknown",
            "asset “\(asset.name)” is a `\(asset.type)`, which `\(language.name)` does not know",
            hint: NearestName.hint(for: asset.type, among: language.assetTypes.map(\.name))))
        return -1
      }
      if language.assetTypes[type].isAbstract {
        diagnostics.report(
          Diagnostic(
            "model.type.abstract",
            "asset “\(asset.name)” is a `\(asset.type)`, which is abstract",
            hint: "choose one of the assets that extend it"))
        return -1
      }
      for (name, value) in asset.defenses.sorted(by: { $0.key < $1.key }) {
        if !defenses[type].contains(name) {
          diagnostics.report(
            Diagnostic(
              "model.defense.unknown",
              "asset “\(asset.name)”: a `\(asset.type)` has no defence `\(name)`",
              hint: NearestName.hint(for: name, among: defenses[type].sorted())))
        } else if !(0...1).contains(value) {
          diagnostics.report(
            Diagnostic(
              "model.defense.range",
              "asset “\(asset.name)”: defence `\(name)` is \(value), not between 0 and 1"))
        }
      }
      return type
    }
  }

  /// How many different assets each end of each association reaches, where it reaches any.
  private func checkLinks(
    _ types: [Int], _ index: LanguageIndex, _ language: CompiledLanguage,
    _ diagnostics: inout Diagnostics
  ) -> [EndKey: Int] {
    var counts: [EndKey: Int] = [:]
    var seen: Set<Link> = []
    for (place, link) in links.enumerated() {
      guard assets.indices.contains(link.left), assets.indices.contains(link.right) else {
        diagnostics.report(
          Diagnostic(
            "model.link.end",
            "link \(place) (`\(link.association)`) names an asset that is not there"
          ))
        continue
      }
      guard seen.insert(link).inserted, types[link.left] >= 0, types[link.right] >= 0 else {
        continue
      }
      let fitting = index.associations(
        named: link.association, left: types[link.left], right: types[link.right])
      guard fitting.count == 1 else {
        diagnostics.report(misfit(link, fitting, index, language))
        continue
      }
      counts[EndKey(asset: link.right, association: fitting[0], isLeft: true), default: 0] += 1
      counts[EndKey(asset: link.left, association: fitting[0], isLeft: false), default: 0] += 1
    }
    return counts
  }

  /// The assets that `asset` reaches over one end of an association.
  private struct EndKey: Hashable {
    var asset: Int
    var association: Int
    var isLeft: Bool
  }

  private func misfit(
    _ link: Link, _ fitting: [Int], _ index: LanguageIndex, _ language: CompiledLanguage
  ) -> Diagnostic {
    let left = assets[link.left]
    let right = assets[link.right]
    let ends = "“\(left.name)” (`\(left.type)`) and “\(right.name)” (`\(right.type)`)"
    if !fitting.isEmpty {
      let names = fitting.map { "`\(language.associations[$0].fullName)`" }
      return Diagnostic(
        "model.link.ambiguous", "several associations `\(link.association)` can link \(ends)",
        hint: "write one of \(names.joined(separator: ", "))")
    }
    guard index.isAssociation(named: link.association) else {
      return Diagnostic(
        "model.link.unknown",
        "`\(language.name)` has no association `\(link.association)` to link \(ends)",
        hint: NearestName.hint(for: link.association, among: index.associationNames))
    }
    let isTurned = index.types[left.type].flatMap { leftType in
      index.types[right.type].map { rightType in
        !index.associations(named: link.association, left: rightType, right: leftType).isEmpty
      }
    }
    return Diagnostic(
      "model.link.end", "association `\(link.association)` cannot link \(ends)",
      hint: isTurned == true ? "left and right are exchanged" : nil)
  }

  private func checkMultiplicities(
    _ types: [Int], _ counts: [EndKey: Int], _ index: LanguageIndex, _ language: CompiledLanguage,
    _ diagnostics: inout Diagnostics
  ) {
    // The bounded ends, by the type that reaches them.
    var bounded: [Int: [(end: AssociationType.End, key: EndKey)]] = [:]
    for (place, association) in language.associations.enumerated() {
      for (end, owner, isLeft) in [
        (association.left, association.right, true), (association.right, association.left, false),
      ] where end.minimum > 0 || end.maximum != nil {
        let key = EndKey(asset: 0, association: place, isLeft: isLeft)
        bounded[index.types[owner.assetType] ?? -1, default: []].append((end, key))
      }
    }
    for (asset, type) in types.enumerated() where type >= 0 {
      for (end, key) in index.ancestry(of: type).flatMap({ bounded[$0] ?? [] }) {
        var key = key
        key.asset = asset
        let count = counts[key] ?? 0
        guard count < end.minimum || count > end.maximum ?? .max else { continue }
        let range =
          end.maximum == end.minimum
          ? "\(end.minimum)" : "\(end.minimum)..\(end.maximum.map(String.init) ?? "*")"
        diagnostics.report(
          Diagnostic(
            .warning, "model.multiplicity",
            "asset “\(assets[asset].name)” has \(count) `\(end.field)`, the language asks for \(range)"
          ))
      }
    }
  }
}
