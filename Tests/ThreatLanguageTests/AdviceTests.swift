import EngineSupport
import Testing
import ThreatLanguage

@Suite("Advice on languages that compile")
struct AdviceTests {
  private func advice(_ body: String) throws -> [String] {
    let (language, diagnostics) = Fixture.compile(
      Fixture.language(body, associations: "A [xs] * <-- L --> * [ys] A"))
    let advice = try #require(language, "\(diagnostics)").advice()
    #expect(advice.allSatisfy { $0.severity == .warning && $0.location?.line != nil })
    return advice.map { "\($0.code) \($0.message)" }
  }

  @Test func soundLanguagesGetNone() throws {
    #expect(try advice("asset A { let v = xs | s @entry -> v().t | t [Infinity] }").isEmpty)
    #expect(try advice("asset A { # d -> s | s -> t & t E e <- xs -> t }").isEmpty)
  }

  @Test func variablesNobodyCalls() throws {
    #expect(
      try advice("asset A { let v = xs let w = ys | s @entry -> w().s }")
        == ["mal.variable.unused nothing calls `v()`"])
    // Called in a sub-type, in a requirement, in a model effect.
    #expect(
      try advice(
        """
        asset A { let v = xs let w = ys let u = ys }
        asset B extends A { E e <- v() -> s | s -> w().t A> u() / self }
        asset D extends A { }
        """.replacing("w().t", with: "w()[B].s")
      ).isEmpty)
  }

  @Test func stepsThatNothingLeadsTo() throws {
    #expect(
      try advice("asset A { | s -> t | t | lost -> lost | worm -> ys.worm }")
        == [
          "mal.step.no-lead nothing leads to `A.s`", "mal.step.no-lead nothing leads to `A.lost`",
        ])
    // A lead to the super-type's step reaches the sub-type's, and the other way round.
    #expect(try advice("asset A { | s @entry -> ys.t | t } asset B extends A { | t }").isEmpty)
    #expect(try advice("asset A { | s @entry -> ys[B].t | t } asset B extends A { | t }").isEmpty)
  }

  @Test func stepsThatCanNeverBeReached() throws {
    #expect(
      try advice(
        "asset A { | go @entry -> both, never | never [Infinity] -> both, ys.after & both -> end "
          + "| after | end }")
        == [
          "mal.step.unreachable `A.both` can never be reached: it needs `A.never`, which never is",
          "mal.step.unreachable `A.after` can never be reached: it needs `A.never`, which never is",
          "mal.step.unreachable `A.end` can never be reached: it needs `A.both`, which never is",
        ])
    // A sub-type may say otherwise.
    #expect(
      try advice(
        "asset A { | go @entry -> both, never | never [Infinity] -> both & both } "
          + "asset B extends A { | never [Zero] }"
      ).isEmpty)
  }
}
