import EngineSupport

/// Checks a language's declarations against one another and builds the compiled language from them.
///
/// One wrong name gives one error: whatever was derived from it is then unknown and no longer checked.
struct LanguageAnalyser {
  /// Types above a type.
  static let inheritanceLimit = 100
  /// Errors shown for one language.
  private static let errorLimit = 200

  struct DeclaredType {
    var syntax: AssetSyntax
    var category: String
    var superType: Int?
    /// The super-type is unknown or inherits from this type: what is not found here may be there.
    var isIncomplete = false
    var fields: [String: Field] = [:]
    var steps: [String: Int] = [:]
    var variables: [String: Int] = [:]
  }

  struct Field {
    /// The type that the field leads to.
    var type: Int?
    var location: SourceLocation
  }

  /// What a `let` variable was found to be.
  enum VariableState {
    case inProgress
    case done(Walk)
  }

  struct VariableKey: Hashable {
    var type: Int
    var name: String
  }

  var types: [DeclaredType] = []
  var ids: [String: Int] = [:]
  /// A type stands after its super-type.
  var order: [Int] = []
  var associations: [AssociationSyntax] = []
  var variableStates: [VariableKey: VariableState] = [:]
  var variableStack: [String] = []
  var walkDepth = 0
  var hasTooLargeVariable = false
  /// Inside a model effect or a detector, where `self` and quantities mean something.
  var allowsModelTerms = false
  private var defines: [String: DefineSyntax] = [:]
  private(set) var problems = Diagnostics()
  private var errorCount = 0

  /// The compiled language, or `nil` with errors reported.
  static func language(
    from specification: LanguageSpecification, reportingTo diagnostics: inout Diagnostics
  ) -> CompiledLanguage? {
    var analyser = LanguageAnalyser()
    analyser.collect(specification.declarations)
    analyser.checkDefines(in: specification.document)
    analyser.resolveInheritance()
    analyser.checkAbstractTypes()
    analyser.resolveAssociations()
    analyser.checkSteps()
    analyser.checkVariables()
    let built = analyser.build()
    if analyser.errorCount > errorLimit {
      analyser.problems.report(
        Diagnostic(
          .note, "mal.analysis.more",
          "\(analyser.errorCount - errorLimit) more errors are not shown",
          at: SourceLocation(document: specification.document)))
    }
    diagnostics.report(contentsOf: analyser.problems.all)
    guard !analyser.problems.hasErrors, let built else { return nil }
    var language = CompiledLanguage(
      name: analyser.defines["id"]?.value ?? "", version: analyser.defines["version"]?.value ?? "",
      assetTypes: built, associations: analyser.compiledAssociations())
    language.declared = specification
    return language
  }

  mutating func report(
    _ code: Diagnostic.Code, _ message: String, at location: SourceLocation, hint: String? = nil
  ) {
    report(Diagnostic(code, message, at: location, hint: hint))
  }

  mutating func warn(
    _ code: Diagnostic.Code, _ message: String, at location: SourceLocation, hint: String? = nil
  ) {
    report(Diagnostic(.warning, code, message, at: location, hint: hint))
  }

  mutating func report(_ diagnostic: Diagnostic) {
    errorCount += 1
    if errorCount <= Self.errorLimit { problems.report(diagnostic) }
  }

  /// A hint at a similar name, as long as hints are shown.
  func nearest(_ name: String, among candidates: @autoclosure () -> [String]) -> String? {
    errorCount < Self.errorLimit ? NearestName.hint(for: name, among: candidates()) : nil
  }

  /// `document:line` for messages that point back.
  static func line(_ location: SourceLocation) -> String {
    "\(location.document):\(location.line ?? 0)"
  }

  // MARK: - Declarations

  private mutating func collect(_ declarations: [MALFile.Declaration]) {
    for declaration in declarations {
      switch declaration {
      case .define(let define): collect(define)
      case .category(let category):
        checkMeta(category.meta)
        for asset in category.assets { collect(asset, in: category.name.text) }
      case .association(let association):
        checkMeta(association.meta)
        associations.append(association)
      case .include: break
      }
    }
  }

  /// `#id` and `#version` may be said again: the later one counts, as in mal-toolbox.
  private mutating func collect(_ define: DefineSyntax) {
    let key = define.key.text
    if let earlier = defines[key],
      earlier.value != define.value || (key != "id" && key != "version")
    {
      let hint = "the other one is at \(Self.line(earlier.key.location))"
      if key == "id" || key == "version" {
        warn(
          "mal.define.replaced", "this `#\(key)` replaces “\(earlier.value)”",
          at: define.key.location, hint: hint)
      } else {
        report(
          "mal.define.duplicate", "`#\(key)` is defined twice", at: define.key.location, hint: hint)
      }
    }
    defines[key] = define
  }

  private mutating func checkDefines(in document: String) {
    for key in ["id", "version"] where defines[key] == nil {
      report(
        "mal.define.missing", "the language has no `#\(key)`",
        at: SourceLocation(document: document, line: 1, column: 1, byteRange: 0..<0),
        hint: key == "id" ? "write `#id: \"org.example.language\"`" : "write `#version: \"1.0.0\"`")
    }
    if let id = defines["id"], id.value.isEmpty {
      report("mal.define.invalid", "`#id` is empty", at: id.key.location)
    }
    if let version = defines["version"] {
      let parts = version.value.split(separator: ".", omittingEmptySubsequences: false)
      // Only what stands first is checked, as mal-toolbox does: `1.0.0-rc1` is accepted.
      let isVersion =
        parts.count >= 3
        && parts.prefix(2).allSatisfy { !$0.isEmpty && $0.utf8.allSatisfy(MALLexer.isDigit) }
        && parts[2].utf8.first.map(MALLexer.isDigit) == true
      if !isVersion {
        report(
          "mal.define.invalid", "`#version` is “\(version.value)”", at: version.key.location,
          hint: "a version is three numbers, such as `1.0.0`")
      }
    }
  }

  private mutating func collect(_ asset: AssetSyntax, in category: String) {
    if let earlier = ids[asset.name.text] {
      report(
        "mal.asset.duplicate", "asset `\(asset.name.text)` is declared twice",
        at: asset.name.location,
        hint: "the other one is at \(Self.line(types[earlier].syntax.name.location))")
      return
    }
    checkMeta(asset.meta)
    var type = DeclaredType(syntax: asset, category: category)
    for (index, step) in asset.steps.enumerated() {
      if let earlier = type.steps[step.name.text] {
        report(
          "mal.step.duplicate",
          "step `\(step.name.text)` is declared twice in `\(asset.name.text)`",
          at: step.name.location,
          hint: "the other one is at \(Self.line(asset.steps[earlier].name.location))")
      } else {
        type.steps[step.name.text] = index
      }
      checkMeta(step.meta)
    }
    for (index, variable) in asset.variables.enumerated() {
      if let earlier = type.variables[variable.name.text] {
        report(
          "mal.variable.duplicate",
          "variable `\(variable.name.text)` is declared twice in `\(asset.name.text)`",
          at: variable.name.location,
          hint: "the other one is at \(Self.line(asset.variables[earlier].name.location))")
      } else {
        type.variables[variable.name.text] = index
      }
    }
    ids[asset.name.text] = types.count
    types.append(type)
  }

  private mutating func checkMeta(_ meta: [MetaSyntax]) {
    var seen: Set<String> = []
    for entry in meta where !seen.insert(entry.key.text).inserted {
      report(
        "mal.meta.duplicate", "`\(entry.key.text) info` is given twice", at: entry.key.location)
    }
  }
}
