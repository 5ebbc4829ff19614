import EngineSupport
import Testing
import ThreatLanguage

@Suite("Errors in MAL source are found, placed and not repeated")
struct LanguageErrorTests {
  /// A body (it begins on line 2), the associations, and the one error with line and column.
  struct Case: Sendable, CustomTestStringConvertible {
    var code: Diagnostic.Code
    var line: Int
    var column: Int
    var body: String
    var associations = ""
    var testDescription: String { code.name + " in " + body }
  }

  static let cases: [Case] = [
    Case(code: "mal.type.unknown", line: 2, column: 17, body: "asset A extends B { | s -> x.y }"),
    Case(
      code: "mal.type.unknown", line: 5, column: 25, body: "asset A { | s -> y.s }",
      associations: "A [x] * <-- L --> * [y] Z"),
    Case(
      code: "mal.type.unknown", line: 2, column: 20, body: "asset A { | s -> y[Q].s }",
      associations: "A [x] * <-- L --> * [y] A"),
    Case(code: "mal.step.unknown", line: 2, column: 18, body: "asset A { | s -> t }"),
    Case(code: "mal.field.unknown", line: 2, column: 18, body: "asset A { | s -> f.t.u.v }"),
    Case(code: "mal.variable.unknown", line: 2, column: 18, body: "asset A { | s -> f().t }"),
    Case(
      code: "mal.inheritance.cycle", line: 2, column: 17,
      body: "asset A extends B { | s -> z.q } asset B extends C { } asset C extends A { }"),
    Case(code: "mal.asset.duplicate", line: 3, column: 7, body: "asset A { }\nasset A { }"),
    Case(code: "mal.step.duplicate", line: 2, column: 17, body: "asset A { | s | s }"),
    Case(
      code: "mal.variable.duplicate", line: 3, column: 25,
      body: "asset A { let v = x }\nasset B extends A { let v = x }",
      associations: "A [x] * <-- L --> * [y] A"),
    Case(
      code: "mal.variable.cycle", line: 2, column: 31,
      body: "asset A { let v = w() let w = v() | s -> v().s }"),
    Case(
      code: "mal.field.duplicate", line: 6, column: 22, body: "asset A { }",
      associations: "A [x] * <-- L --> * [y] A\nA [z] * <-- M --> * [y] A"),
    Case(
      code: "mal.field.duplicate", line: 6, column: 22, body: "asset A { } asset B extends A { }",
      associations: "A [x] * <-- L --> * [y] A\nB [z] * <-- M --> * [y] A"),
    Case(
      code: "mal.field.is-step", line: 5, column: 22, body: "asset A { } asset B extends A { | y }",
      associations: "A [x] * <-- L --> * [y] A"),
    Case(
      code: "mal.step.kind-mismatch", line: 3, column: 23,
      body: "asset A { | s }\nasset B extends A { & s }"),
    Case(code: "mal.step.nothing-to-extend", line: 2, column: 15, body: "asset A { | s +> s }"),
    Case(code: "mal.requires.missing", line: 2, column: 13, body: "asset A { E s }"),
    Case(
      code: "mal.requires.misplaced", line: 2, column: 15, body: "asset A { | s <- y }",
      associations: "A [x] * <-- L --> * [y] A"),
    Case(code: "mal.impact.misplaced", line: 2, column: 16, body: "asset A { # s {C} }"),
    Case(
      code: "mal.ttc.misplaced", line: 2, column: 16, body: "asset A { E s [Zero] <- y }",
      associations: "A [x] * <-- L --> * [y] A"),
    Case(code: "mal.ttc.defense", line: 2, column: 16, body: "asset A { # s [Exponential(1)] }"),
    Case(code: "mal.ttc.unknown", line: 2, column: 16, body: "asset A { | s [Exponentail(1)] }"),
    Case(code: "mal.ttc.arguments", line: 2, column: 20, body: "asset A { | s [1 + Gamma(1)] }"),
    Case(code: "mal.ttc.arguments", line: 2, column: 16, body: "asset A { # s [Bernoulli(1.5)] }"),
    Case(code: "mal.ttc.attack-step", line: 2, column: 16, body: "asset A { | s [Enabled] }"),
    Case(
      code: "mal.ttc.bernoulli", line: 2, column: 20, body: "asset A { | s [3 - Bernoulli(0.5)] }"),
    Case(
      code: "mal.expression.no-step", line: 2, column: 19, body: "asset A { | s -> (x \\/ y) }",
      associations: "A [x] * <-- L --> * [y] A"),
    Case(
      code: "mal.expression.no-common-type", line: 2, column: 19,
      body: "asset A { | s -> (y \\/ z).s } asset B { | s } asset D { | s }",
      associations: "A [l] * <-- L --> * [y] B\nA [m] * <-- M --> * [z] D"),
    Case(
      code: "mal.expression.not-repeatable", line: 2, column: 18,
      body: "asset A { | s -> y*.s } asset B { | s }",
      associations: "A [x] * <-- L --> * [y] B"),
    Case(
      code: "mal.expression.not-subtype", line: 2, column: 20,
      body: "asset A { | s -> y[B].s } asset B { | s }",
      associations: "A [x] * <-- L --> * [y] A"),
    Case(
      code: "mal.meta.duplicate", line: 2, column: 20, body: "asset A a info: \"\" a info: \"\" { }"
    ),
    Case(code: "mal.syntax.unexpected", line: 2, column: 21, body: "asset A { | s -> t, }"),
    Case(code: "mal.syntax.unexpected", line: 2, column: 11, body: "asset A { s | t -> t }"),
    Case(code: "mal.syntax.unexpected", line: 2, column: 9, body: "asset A | s -> t }"),
    Case(
      code: "mal.syntax.unexpected", line: 2, column: 19, body: "asset A { | s {C, X} | t -> u }"),
    Case(code: "mal.syntax.unexpected", line: 2, column: 20, body: "asset A { | s -> t t2 | u }"),
    Case(code: "mal.syntax.unclosed", line: 2, column: 9, body: "asset A { | s\nasset B { }"),
    Case(code: "mal.syntax.unexpected", line: 2, column: 21, body: "asset A { | s A> t  }"),
    Case(
      code: "mal.quantity.misplaced", line: 2, column: 19, body: "asset A { | s -> y:1..2.s }",
      associations: "A [x] * <-- L --> * [y] A"),
    Case(
      code: "mal.quantity.misplaced", line: 2, column: 21, body: "asset A { | s -> y.s:2 }",
      associations: "A [x] * <-- L --> * [y] A"),
    Case(
      code: "mal.quantity.misplaced", line: 2, column: 20, body: "asset A { let v = y:* | s }",
      associations: "A [x] * <-- L --> * [y] A"),
    Case(
      code: "mal.quantity.misplaced", line: 2, column: 19, body: "asset A { E e <- y:1..2 }",
      associations: "A [x] * <-- L --> * [y] A"),
    Case(code: "mal.field.unknown", line: 2, column: 18, body: "asset A { | s -> self.s }"),
    Case(code: "mal.field.unknown", line: 2, column: 23, body: "asset A { | s A> self/x }"),
    Case(
      code: "mal.field.unknown", line: 2, column: 18, body: "asset A { | s R> z / x }",
      associations: "A [x] * <-- L --> * [y] A"),
    Case(
      code: "mal.effect.type-mismatch", line: 2, column: 26,
      body: "asset A { | s A> self / ~y } asset B { }",
      associations: "A [x] * <-- L --> * [y] B"),
    Case(
      code: "mal.step.nothing-to-extend", line: 2, column: 15, body: "asset A { | s +A> y / y }",
      associations: "A [x] * <-- L --> * [y] A"),
    Case(code: "mal.syntax.unexpected", line: 2, column: 25, body: "asset A { | s -> s R> s }"),
    Case(
      code: "mal.syntax.unexpected", line: 2, column: 24, body: "asset A { | s A> y / y A> y / y }",
      associations: "A [x] * <-- L --> * [y] A"),
    Case(code: "mal.syntax.unexpected", line: 2, column: 24, body: "asset A { | s -> s     -> s }"),
    Case(code: "mal.syntax.unexpected", line: 2, column: 17, body: "asset A { | s ! (s x) log }"),
    Case(
      code: "mal.field.unknown", line: 2, column: 20, body: "asset A { | s ! d (z.s x) log }",
      associations: "A [x] * <-- L --> * [y] A"),
    Case(
      code: "mal.type.unknown", line: 5, column: 1, body: "asset A { }",
      associations: "Z [x] * <-- L --> * [y] A"),
    Case(
      code: "mal.meta.duplicate", line: 2, column: 26,
      body: "asset A { | s a info: \"\" a info: \"\" }"),
    Case(code: "mal.ttc.defense", line: 2, column: 16, body: "asset A { # s [0.5] }"),
    Case(code: "mal.ttc.arguments", line: 2, column: 16, body: "asset A { | s [Zero(1)] }"),
    Case(
      code: "mal.ttc.bernoulli", line: 2, column: 16, body: "asset A { | s [EasyAndUncertain / 2] }"
    ),
    Case(code: "mal.lexical.character", line: 2, column: 11, body: "asset A { $$$ | s }"),
    Case(
      code: "mal.lexical.string", line: 2, column: 16,
      body: "asset A a info: { }\nasset B a info: \"x\" { }"
        .replacing("info: { }", with: "info:\"{ }")),
  ]

  @Test(arguments: cases)
  func oneMistakeGivesOneError(_ example: Case) throws {
    let source = Fixture.language(example.body, associations: example.associations)
    let (language, diagnostics) = Fixture.compile(source)
    #expect(language == nil)
    let errors = diagnostics.filter { $0.severity == .error }
    #expect(errors.map(\.code) == [example.code], "\(diagnostics)")
    let place = try #require(errors.first?.location)
    #expect(place.line == example.line)
    #expect(place.column == example.column)
    // The byte range agrees with line and column.
    let start = try #require(place.byteRange?.lowerBound)
    let before = Array(source.utf8)[..<start]
    #expect(before.count { $0 == 10 } + 1 == place.line)
    #expect(start - (before.lastIndex(of: 10).map { $0 + 1 } ?? 0) + 1 == place.column)
  }

  @Test func severalMistakesAreReportedAtOnce() {
    let (_, diagnostics) = Fixture.compile(
      Fixture.language(
        """
        asset A { | s -> nothing | t [Fast] }
        asset B extends Missing { & s -> anything.at.all }
        asset D { E e -> e # d -> f.x }
        """))
    #expect(
      diagnostics.map(\.code).sorted { $0.name < $1.name } == [
        "mal.field.unknown", "mal.requires.missing", "mal.step.unknown", "mal.ttc.unknown",
        "mal.type.unknown",
      ])
  }

  @Test func theParserGoesOnAtTheNextDeclaration() {
    let (_, diagnostics) = Fixture.compile(
      """
      #id "t"
      category A {
        asset X extends { | s }
        asset B { | -> x
          | fine -> fine
          let = y
        }
        asset C { | s [1 +] }
      }
      associations {
        A [x * <-- L --> * [y] A
        A [x] * <-- L --> * [y] A
        A [x] <-- L --> * [y] A
      }
      }
      """)
    #expect(diagnostics.map(\.location?.line) == [1, 3, 4, 6, 8, 11, 13, 15], "\(diagnostics)")
  }

  @Test func headersMustBeThereAndSane() {
    #expect(
      Fixture.compile("").diagnostics.map(\.code) == ["mal.define.missing", "mal.define.missing"])
    #expect(
      Fixture.compile("#id: \"\" #version: \"one\"").diagnostics.map(\.code)
        == ["mal.define.invalid", "mal.define.invalid"])
    let again = Fixture.compile("#id: \"a\" #id: \"b\" #version: \"1.0.0\"")
    #expect(again.language?.name == "b")
    #expect(again.diagnostics.map(\.severity) == [.warning])
  }

  @Test func whatMalToolboxOnlyDoubtsIsAWarning() throws {
    let (language, diagnostics) = Fixture.compile(
      Fixture.language(
        """
        asset A { | s {C, C} [Binomial(2.5, 0.5)] ! d (t x) [tpr: 1.5] ! d (s x) +R> y / y -> s }
        asset B extends A { | s R> self / y +A> y / y }
        abstract asset D { }
        """.replacing("+R> y / y -> s", with: "-> s +R> y / y"),
        associations: "A [x] 3..1 <-- L --> * [y] A"))
    #expect(diagnostics.allSatisfy { $0.severity == .warning }, "\(diagnostics)")
    #expect(
      Set(diagnostics.map(\.code.name)) == [
        "mal.asset.never-extended", "mal.detector.context", "mal.detector.duplicate",
        "mal.detector.rate", "mal.impact.duplicate", "mal.multiplicity.inverted",
        "mal.step.nothing-to-extend", "mal.ttc.arguments",
      ])
    let step = try #require(language?.assetType(named: "A")?.step(named: "s"))
    #expect(step.ttc == .distribution("Binomial", [2, 0.5]))
    #expect(step.detectors.map(\.context.count) == [1])
  }

  @Test func documentsThatIncludeThemselvesAreRefused() {
    let (_, diagnostics) = Fixture.compile(
      "#id: \"t\" #version: \"1.0.0\" include \"a.mal\"",
      including: ["a.mal": "include \"b.mal\"", "b.mal": "include \"./a.mal\""])
    #expect(diagnostics.map(\.code) == ["mal.include.cycle"])
    #expect(diagnostics.first?.location?.document == "b.mal")
  }

  @Test func aMissingIncludeNamesTheDocumentsThatAreThere() {
    let (_, diagnostics) = Fixture.compile(
      "include \"b.mal\"", name: "x/a.mal", including: ["x/c.mal": ""])
    #expect(diagnostics.map(\.code) == ["mal.include.missing"])
    #expect(diagnostics.first?.hint?.contains("`x/c.mal`") == true)
    #expect(diagnostics.first?.location?.column == 9)
  }

  @Test func hintsNameWhatWasMeant() {
    func hint(_ body: String, _ associations: String = "A [xs] * <-- L --> * [ys] A") -> String? {
      Fixture.compile(Fixture.language(body, associations: associations)).diagnostics.first?.hint
    }
    #expect(hint("asset A { | compromise -> compromize }") == "did you mean `compromise`?")
    #expect(hint("asset A { | s -> yss.s }") == "did you mean `ys`?")
    #expect(hint("asset A { let v = ys | s -> v.s }") == "call the variable with `v()`")
    #expect(hint("asset A { | s -> ys() .s }") == "`ys` is a field: write it without `()`")
    #expect(hint("asset A { | s -> ys }")?.contains("`ys.step`") == true)
  }
}
