import DiagramImport
import EngineSupport
import Testing

@Suite struct EncodingTests {
  @Test(arguments: [
    ("", ""), ("Zg==", "f"), ("Zm8=", "fo"), ("Zm9v", "foo"), ("Zm9v\n YmFy", "foobar"),
  ])
  func base64KnownAnswers(_ encoded: String, _ plain: String) throws {
    // RFC 4648, section 10.
    #expect(try Base64.decode(Array(encoded.utf8)) == Array(plain.utf8))
  }

  @Test(arguments: [
    ("Z", 1), ("Zg", 2), ("Zg=", 3), ("Zg=a", 3), ("Zm9v!", 4), ("=", 0), ("Zh==", 4),
    ("Zm9v====", 4), ("Zg==Zg==", 4), ("Zm9\u{e9}", 3), ("Zm9_", 3),
  ])
  func base64RefusesWithTheOffset(_ text: String, _ offset: Int) {
    let failure = #expect(throws: DecodingFailure.self) { try Base64.decode(Array(text.utf8)) }
    #expect(failure?.code == "import.base64.malformed" && failure?.offset == offset)
  }

  @Test func percentDecodingKeepsThePlusAndChecksUTF8() throws {
    #expect(try PercentEncoding.decode(Array("a+b%20%C3%A9%3c".utf8)) == Array("a+b é<".utf8))
    for text in ["%", "%4", "a%zz", "%C3", "%FF", "%ED%A0%80"] {
      let failure = #expect(throws: DecodingFailure.self) {
        try PercentEncoding.decode(Array(text.utf8))
      }
      #expect(failure?.code == "import.percent.malformed")
    }
  }

  @Test func inflatesUpToTheLimitAndNoFurther() throws {
    let plain = [UInt8](repeating: 7, count: 300_000)
    let packed = DrawIOFixture.deflated(plain)
    #expect(packed.count < 1000)
    #expect(try RawInflate.decode(packed, limit: 300_000) == plain)
    let failure = #expect(throws: DecodingFailure.self) {
      try RawInflate.decode(packed, limit: 299_999)
    }
    #expect(failure?.code == "import.deflate.too-large")
  }

  @Test func everyDamageOfADeflateStreamEndsInAFailureOrOtherBytes() throws {
    let plain = Array("one two three one two three".utf8)
    let packed = DrawIOFixture.deflated(plain)
    #expect(try RawInflate.decode(packed, limit: 1000) == plain)
    for count in 0..<packed.count {
      #expect(throws: DecodingFailure.self) {
        try RawInflate.decode(Array(packed[..<count]), limit: 1000)
      }
    }
    #expect(throws: DecodingFailure.self) { try RawInflate.decode(packed + [0], limit: 1000) }
    #expect(throws: DecodingFailure.self) { try RawInflate.decode([0xFF, 0xFF], limit: 1000) }
  }
}
