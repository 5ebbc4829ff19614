public import EngineSupport

extension InstanceModel {
  /// Whether the model keeps to `language`: reports `model.…` errors for unknown types, values outside 0…1,
  /// links whose ends do not fit, and names used twice; abstract types, unknown defences and multiplicities
  /// that are not kept are warnings, as mal-toolbox goes on with them. Time and memory are linear in assets and links.
  ///
  /// A link's `association` is the plain name, or `AssociationType.fullName` where several of one name fit.
  public func check(
    against language: CompiledLanguage, reportingTo diagnostics: inout Diagnostics
  ) {
    _ = resolved(against: language, LanguageIndex(language), reportingTo: &diagnostics)
  }

  /// `check`, and what it found out about each asset and link.
  package func resolved(
    against language: CompiledLanguage, _ index: LanguageIndex,
    reportingTo diagnostics: inout Diagnostics
  ) -> ResolvedInstance {
    let types = checkAssets(index, language, &diagnostics)
    var multiplicities = MultiplicityCount(types: types, index: index, language: language)
    let associations = checkLinks(types, index, language, &multiplicities, &diagnostics)
    for violation in multiplicities.violations() {
      let range =
        violation.end.maximum == violation.end.minimum
        ? "\(violation.end.minimum)"
        : "\(violation.end.minimum)..\(violation.end.maximum.map(String.init) ?? "*")"
      diagnostics.report(
        Diagnostic(
          .warning, "model.multiplicity",
          "asset “\(assets[violation.asset].name)” has \(violation.count) `\(violation.end.field)`, "
            + "the language asks for \(range)"))
    }
    return ResolvedInstance(types: types, associations: associations)
  }

  /// The type of each asset, or −1 after an error.
  private func checkAssets(
    _ index: LanguageIndex, _ language: CompiledLanguage, _ diagnostics: inout Diagnostics
  ) -> [Int32] {
    var names: Set<String> = []
    names.reserveCapacity(assets.count)
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
            .warning, "model.type.abstract",
            "asset “\(asset.name)” is a `\(asset.type)`, which is abstract",
            hint: "choose one of the assets that extend it"))
      }
      for (name, value) in asset.defenses.sorted(by: { $0.key < $1.key }) {
        if !defenses[type].contains(name) {
          diagnostics.report(
            Diagnostic(
              .warning, "model.defense.unknown",
              "asset “\(asset.name)”: a `\(asset.type)` has no defence `\(name)`",
              hint: NearestName.hint(for: name, among: defenses[type].sorted())))
        } else if !(0...1).contains(value) {
          diagnostics.report(
            Diagnostic(
              "model.defense.range",
              "asset “\(asset.name)”: defence `\(name)` is \(value), not between 0 and 1"))
        }
      }
      return Int32(type)
    }
  }

  /// The association of each link, or −1 after an error.
  private func checkLinks(
    _ types: [Int32], _ index: LanguageIndex, _ language: CompiledLanguage,
    _ multiplicities: inout MultiplicityCount, _ diagnostics: inout Diagnostics
  ) -> [Int32] {
    var resolver = AssociationResolver(index)
    var reported: Set<Link> = []
    return links.enumerated().map { place, link in
      guard assets.indices.contains(link.left), assets.indices.contains(link.right) else {
        diagnostics.report(
          Diagnostic(
            "model.link.end",
            "link \(place) (`\(link.association)`) names an asset that is not there"
          ))
        return -1
      }
      guard types[link.left] >= 0, types[link.right] >= 0 else { return -1 }
      let association = resolver.association(
        named: link.association, left: types[link.left], right: types[link.right])
      guard association >= 0 else {
        if reported.insert(link).inserted {
          diagnostics.report(misfit(link, types, index, language))
        }
        return -1
      }
      multiplicities.add(association, left: Int32(link.left), right: Int32(link.right))
      return association
    }
  }

  private func misfit(
    _ link: Link, _ types: [Int32], _ index: LanguageIndex, _ language: CompiledLanguage
  ) -> Diagnostic {
    let fitting = index.associations(
      named: link.association, left: Int(types[link.left]), right: Int(types[link.right]))
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
}
