import EngineSupport
import Foundation

/// Archives that NumPy 2.4 wrote, and the bytes to build others by hand.
enum NumPyFixtures {
  /// `numpy.savez(images=<float32 [2,3]: 0, 0.5 … 2.5>, labels=<int64: 3, -1>)`
  static let savez = decoded(
    """
    UEsDBC0AAAAAAAAAIQALwLB2//////////8KABQAaW1hZ2VzLm5weQEAEACYAAAAAAAAAJgAAAAAAAAAk05VTVBZAQ
    B2AHsnZGVzY3InOiAnPGY0JywgJ2ZvcnRyYW5fb3JkZXInOiBGYWxzZSwgJ3NoYXBlJzogKDIsIDMpLCB9ICAgICAg
    ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAoAAAAAAAAAPwAAgD8AAM
    A/AAAAQAAAIEBQSwMELQAAAAAAAAAhAGfe/2j//////////woAFABsYWJlbHMubnB5AQAQAJAAAAAAAAAAkAAAAAAA
    AACTTlVNUFkBAHYAeydkZXNjcic6ICc8aTgnLCAnZm9ydHJhbl9vcmRlcic6IEZhbHNlLCAnc2hhcGUnOiAoMiwpLC
    B9ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgCgMAAAAA
    AAAA//////////9QSwECLQMtAAAAAAAAACEAC8CwdpgAAACYAAAACgAAAAAAAAAAAAAAgAEAAAAAaW1hZ2VzLm5weV
    BLAQItAy0AAAAAAAAAIQBn3v9okAAAAJAAAAAKAAAAAAAAAAAAAACAAdQAAABsYWJlbHMubnB5UEsFBgAAAAACAAIA
    cAAAAKABAAAAAA==
    """)

  /// The same arrays by `numpy.savez_compressed`.
  static let savezCompressed = decoded(
    """
    UEsDBC0AAAAIAAAAIQALwLB2//////////8KABQAaW1hZ2VzLm5weQEAEACYAAAAAAAAAFcAAAAAAAAAm+wX6hsQyc
    hQxlCtnpJanFykbqWgbpNmoq6joJ6WX1RSlJgXn1+UkgoSd0vMKU4FihdnJBakAvkaRjoKxpo6CrUKZAMuBgiwZ2Bo
    AOIDQMzgwMCg4AAAUEsDBC0AAAAIAAAAIQBn3v9o//////////8KABQAbGFiZWxzLm5weQEAEACQAAAAAAAAAEoAAA
    AAAAAAm+wX6hsQychQxlCtnpJanFykbqWgbpNpoa6joJ6WX1RSlJgXn1+UkgoSd0vMKU4FihdnJBakAvkaRjqaOgq1
    ChQALmYGCPgPBQBQSwECLQMtAAAACAAAACEAC8CwdlcAAACYAAAACgAAAAAAAAAAAAAAgAEAAAAAaW1hZ2VzLm5weV
    BLAQItAy0AAAAIAAAAIQBn3v9oSgAAAJAAAAAKAAAAAAAAAAAAAACAAZMAAABsYWJlbHMubnB5UEsFBgAAAAACAAIA
    cAAAABkBAAAAAA==
    """)

  /// `numpy.savez(größe=1.5)`
  static let umlaut = decoded(
    """
    UEsDBC0AAAgAAAAAIQApdonr//////////8LABQAZ3LDtsOfZS5ucHkBABAAiAAAAAAAAACIAAAAAAAAAJNOVU1QWQ
    EAdgB7J2Rlc2NyJzogJzxmOCcsICdmb3J0cmFuX29yZGVyJzogRmFsc2UsICdzaGFwZSc6ICgpLCB9ICAgICAgICAg
    ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAKAAAAAAAA+D9QSwECLQ
    MtAAAIAAAAACEAKXaJ64gAAACIAAAACwAAAAAAAAAAAAAAgAEAAAAAZ3LDtsOfZS5ucHlQSwUGAAAAAAEAAQA5AAAA
    xQAAAAAA
    """)

  /// `numpy.savez_compressed(zeros=numpy.zeros(262144, "u1"))`: a small bomb.
  static let zeros = decoded(
    """
    UEsDBC0AAAAIAAAAIQCkGQ2G//////////8JABQAemVyb3MubnB5AQAQAIAABAAAAAAAYgEAAAAAAADtyLEOwVAAQN
    FafcXbHkmXNo3BB9iIxWCSRisGUXnFgq/ww2o1ms/Z7n2vNsv1dpTds0ds2n6f4jzE562IeYiHLl1Tfd51qWm/f1Gf
    +nb4/bG+tENPyllZVFU+zcMr/GecAQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA
    AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA
    AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA
    AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA
    AAAAAAD8+ABQSwECLQMtAAAACAAAACEApBkNhmIBAACAAAQACQAAAAAAAAAAAAAAgAEAAAAAemVyb3MubnB5UEsFBg
    AAAAABAAEANwAAAJ0BAAAAAA==
    """)

  private static func decoded(_ text: String) -> [UInt8] {
    Array(Data(base64Encoded: text, options: .ignoreUnknownCharacters) ?? Data())
  }

  /// A `.npy` file of version 1.0 (or another) with this dictionary and data.
  static func npy(_ dictionary: String, _ data: [UInt8], version: (UInt8, UInt8) = (1, 0))
    -> [UInt8]
  {
    let header = Array((dictionary + "\n").utf8)
    var length = [UInt8(header.count & 0xFF), UInt8(header.count >> 8)]
    if version.0 > 1 { length += [0, 0] }
    return [0x93] + Array("NUMPY".utf8) + [version.0, version.1] + length + header + data
  }

  static func npy(
    type: String, shape: String, fortran: Bool = false, _ data: [UInt8]
  ) -> [UInt8] {
    let order = fortran ? "True" : "False"
    return npy("{'descr': '\(type)', 'fortran_order': \(order), 'shape': \(shape), }", data)
  }

  static func document(_ bytes: [UInt8]) -> InputDocument {
    InputDocument(name: "eval.npz", bytes: bytes)
  }

  /// A zip archive of stored members; `method` and `flags` are what its headers claim.
  static func zip(
    _ members: [(name: String, bytes: [UInt8])], method: UInt16 = 0, flags: UInt16 = 0
  ) -> [UInt8] {
    var archive: [UInt8] = []
    var directory: [UInt8] = []
    for member in members {
      let name = Array(member.name.utf8)
      let size = little(UInt32(member.bytes.count))
      let common =
        little(UInt16(20)) + little(flags) + little(method) + little(UInt32(0))
        + little(crc32(member.bytes)) + size + size + little(UInt16(name.count)) + little(UInt16(0))
      directory +=
        little(UInt32(0x0201_4B50)) + little(UInt16(20)) + common + little(UInt16(0))
        + little(UInt32(0)) + little(UInt32(0)) + little(UInt32(archive.count)) + name
      archive += little(UInt32(0x0403_4B50)) + common + name + member.bytes
    }
    let count = little(UInt16(members.count))
    return archive + directory + little(UInt32(0x0605_4B50)) + little(UInt32(0)) + count + count
      + little(UInt32(directory.count)) + little(UInt32(archive.count)) + little(UInt16(0))
  }

  static func little<Word: FixedWidthInteger>(_ word: Word) -> [UInt8] {
    (0..<MemoryLayout<Word>.size).map { UInt8(truncatingIfNeeded: word >> ($0 * 8)) }
  }

  private static func crc32(_ bytes: [UInt8]) -> UInt32 {
    var crc = UInt32.max
    for byte in bytes {
      crc ^= UInt32(byte)
      for _ in 0..<8 { crc = crc >> 1 ^ (crc & 1 == 1 ? 0xEDB8_8320 : 0) }
    }
    return ~crc
  }
}
