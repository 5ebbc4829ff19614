import EngineSupport

/// Categories, their assets, and associations.
extension MALParser {
  mutating func parseCategory() throws(Diagnostic) -> CategorySyntax {
    advance()
    let name = try expectName("the name of a category")
    let meta = try parseMeta()
    let brace = try expect(.leftBrace, "`{` or a meta text")
    var assets: [AssetSyntax] = []
    while current.kind != .rightBrace {
      guard current.kind != .end, !isTopLevelStart else {
        reportUnclosed(brace, of: "category `\(name.text)`")
        return CategorySyntax(name: name, meta: meta, assets: assets)
      }
      let start = position
      do throws(Diagnostic) {
        guard isAssetStart else { throw unexpected("`asset`, `abstract asset` or `}`") }
        assets.append(try parseAsset())
      } catch {
        report(error)
        recover(from: start) { $0.isAssetStart || $0.current.kind == .rightBrace }
      }
    }
    advance()
    return CategorySyntax(name: name, meta: meta, assets: assets)
  }

  var isAssetStart: Bool {
    (isKeyword("asset") && kind(at: position + 1) == .word)
      || (isKeyword("abstract") && text(at: position + 1) == "asset")
  }

  mutating func reportUnclosed(_ brace: MALToken, of what: String) {
    report(
      Diagnostic(
        "mal.syntax.unclosed", "the `{` of \(what) is never closed", at: place(brace),
        hint: "write `}` where it ends"))
  }

  private mutating func parseAsset() throws(Diagnostic) -> AssetSyntax {
    let first = current
    let isAbstract = isKeyword("abstract")
    if isAbstract { advance() }
    advance()
    let name = try expectName("the name of an asset")
    var asset = AssetSyntax(name: name, isAbstract: isAbstract, location: name.location)
    if isKeyword("extends"), text(at: position + 1) != "info" || kind(at: position + 2) != .colon {
      advance()
      asset.superType = try expectName("the name of the extended asset")
    }
    asset.meta = try parseMeta()
    let brace = current
    if !accept(.leftBrace) {
      let problem = unexpected(
        asset.superType == nil ? "`extends`, a meta text or `{`" : "a meta text or `{`")
      // A body without its brace is still read as one.
      guard isMemberStart else { throw problem }
      report(problem)
    }
    while current.kind != .rightBrace {
      if current.kind == .end || isTopLevelStart || isNextAsset {
        reportUnclosed(brace, of: "asset `\(name.text)`")
        asset.location = place(from: first)
        return asset
      }
      let start = position
      do throws(Diagnostic) {
        try parseMember(into: &asset)
      } catch {
        report(error)
        recover(from: start) {
          $0.isMemberStart || $0.isNextAsset || $0.current.kind == .rightBrace
        }
      }
    }
    advance()
    asset.location = place(from: first)
    return asset
  }

  /// An asset where a step should be: the brace before it is missing.
  private var isNextAsset: Bool { current.isFirstOnLine && isAssetStart }

  private var isMemberStart: Bool {
    switch current.kind {
    case .bar, .ampersand, .hash, .notExist: true
    case .word: current.isFirstOnLine && (isKeyword("let") || isKeyword("E"))
    default: false
    }
  }

  private mutating func parseMember(into asset: inout AssetSyntax) throws(Diagnostic) {
    if isKeyword("let") {
      advance()
      let name = try expectName("the name of a variable")
      _ = try expect(.equals, "`=`")
      asset.variables.append(VariableSyntax(name: name, expression: try parseExpression()))
    } else {
      asset.steps.append(try parseStep())
    }
  }

  // MARK: - Associations

  mutating func parseAssociations(into file: inout MALFile) throws(Diagnostic) {
    advance()
    let brace = try expect(.leftBrace, "`{`")
    while current.kind != .rightBrace {
      if current.kind == .end || isTopLevelStart {
        return reportUnclosed(brace, of: "the associations")
      }
      let start = position
      do throws(Diagnostic) {
        file.declarations.append(.association(try parseAssociation()))
      } catch {
        report(error)
        recover(from: start) {
          $0.current.kind == .rightBrace
            || ($0.current.isFirstOnLine && $0.kind(at: $0.position + 1) == .leftBracket)
        }
      }
    }
    advance()
  }

  private mutating func parseAssociation() throws(Diagnostic) -> AssociationSyntax {
    let first = current
    let leftType = try expectName("the asset at the left end of an association, or `}`")
    let leftField = try parseField()
    let leftRange = try parseMultiplicity()
    _ = try expect(.associationLeft, "`<--`")
    let name = try expectName("the name of the association")
    _ = try expect(.associationRight, "`-->`")
    let rightRange = try parseMultiplicity()
    let rightField = try parseField()
    let rightType = try expectName("the asset at the right end of the association")
    let location = place(from: first)
    return AssociationSyntax(
      name: name,
      left: AssociationSyntax.End(
        type: leftType, field: leftField, minimum: leftRange.minimum, maximum: leftRange.maximum,
        multiplicityLocation: leftRange.location),
      right: AssociationSyntax.End(
        type: rightType, field: rightField, minimum: rightRange.minimum,
        maximum: rightRange.maximum, multiplicityLocation: rightRange.location),
      meta: try parseMeta(), location: location)
  }

  private mutating func parseField() throws(Diagnostic) -> NameSyntax {
    _ = try expect(.leftBracket, "`[` and the name of a field")
    let field = try expectName("the name of a field")
    _ = try expect(.rightBracket, "`]`")
    return field
  }

  /// `n`, `*`, `n..m` or `n..*`.
  private mutating func parseMultiplicity() throws(Diagnostic) -> (
    minimum: Int, maximum: Int?, location: SourceLocation
  ) {
    let first = current
    let lower = try parseMultiplicityBound()
    guard accept(.range) else { return (lower ?? 0, lower, place(from: first)) }
    let upper = try parseMultiplicityBound()
    return (lower ?? 0, upper, place(from: first))
  }

  private mutating func parseMultiplicityBound() throws(Diagnostic) -> Int? {
    if accept(.star) { return nil }
    guard current.kind == .word, let bound = Int(text(current)), bound <= Int(Int32.max) else {
      throw unexpected(
        "a multiplicity", hint: "a multiplicity is a number, `*`, or two of them such as `0..1`")
    }
    advance()
    return bound
  }
}
