/// A small `.npz` archive with stored members, written byte by byte for tests.
enum NumPyArchiveFixture {
  static func archive(images: [Float], shape: [Int], labels: [Int64]) -> [UInt8] {
    zip([
      ("images.npy", npy("<f4", shape, images.flatMap { bytes(of: $0.bitPattern) })),
      (
        "labels.npy",
        npy("<i8", [labels.count], labels.flatMap { bytes(of: UInt64(bitPattern: $0)) })
      ),
    ])
  }

  private static func npy(_ type: String, _ shape: [Int], _ data: [UInt8]) -> [UInt8] {
    let sizes = shape.map(String.init).joined(separator: ", ") + (shape.count == 1 ? "," : "")
    var header = "{'descr': '\(type)', 'fortran_order': False, 'shape': (\(sizes)), }"
    while (10 + header.utf8.count + 1) % 64 != 0 { header += " " }
    header += "\n"
    return [0x93] + Array("NUMPY".utf8) + [1, 0] + bytes(of: UInt16(header.utf8.count))
      + Array(header.utf8) + data
  }

  private static func zip(_ members: [(name: String, data: [UInt8])]) -> [UInt8] {
    var output: [UInt8] = []
    var directory: [UInt8] = []
    for member in members {
      let name = Array(member.name.utf8)
      let sum = bytes(of: crc32(member.data))
      let size = bytes(of: UInt32(member.data.count))
      let common: [UInt8] =
        [20, 0, 0, 0, 0, 0, 0, 0, 0x21, 0] + sum + size + size
        + bytes(of: UInt16(name.count)) + [0, 0]
      directory +=
        [0x50, 0x4b, 1, 2, 20, 0] + common + [UInt8](repeating: 0, count: 10)
        + bytes(of: UInt32(output.count)) + name
      output += [0x50, 0x4b, 3, 4] + common + name + member.data
    }
    let start = output.count
    let count = bytes(of: UInt16(members.count))
    return output + directory + [0x50, 0x4b, 5, 6, 0, 0, 0, 0] + count + count
      + bytes(of: UInt32(directory.count)) + bytes(of: UInt32(start)) + [0, 0]
  }

  private static func bytes(of value: some FixedWidthInteger) -> [UInt8] {
    stride(from: 0, to: value.bitWidth, by: 8).map { UInt8(truncatingIfNeeded: value >> $0) }
  }

  private static func crc32(_ data: [UInt8]) -> UInt32 {
    var sum: UInt32 = 0xffff_ffff
    for byte in data {
      sum ^= UInt32(byte)
      for _ in 0..<8 { sum = (sum >> 1) ^ (sum & 1 == 1 ? 0xedb8_8320 : 0) }
    }
    return ~sum
  }
}
