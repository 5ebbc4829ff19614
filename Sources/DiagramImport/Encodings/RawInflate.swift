import CZlib
import EngineSupport

/// Raw deflate (RFC 1951) through zlib, with a limit on the output.
package enum RawInflate {
  /// Errors: `import.deflate.malformed`, `import.deflate.too-large` (more than `limit` bytes).
  package static func decode(
    _ input: [UInt8], limit: Int
  ) throws(DecodingFailure) -> [UInt8] {
    guard let stream = InflateStream() else {
      throw DecodingFailure("import.deflate.malformed", "zlib could not be started", at: 0)
    }
    return try stream.inflate(input, limit: limit)
  }
}

/// Owns one zlib stream; its address must not change, because zlib points back at it.
@safe
private struct InflateStream: ~Copyable {
  private let stream: UnsafeMutablePointer<z_stream>

  init?() {
    let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
    unsafe stream.initialize(to: z_stream())
    guard unsafe bartizan_inflate_raw_begin(stream) == Z_OK else {
      unsafe stream.deallocate()
      return nil
    }
    unsafe self.stream = unsafe stream
  }

  deinit {
    unsafe inflateEnd(stream)
    unsafe stream.deinitialize(count: 1)
    unsafe stream.deallocate()
  }

  borrowing func inflate(_ input: [UInt8], limit: Int) throws(DecodingFailure) -> [UInt8] {
    guard UInt32(exactly: input.count) != nil else {
      throw DecodingFailure("import.deflate.too-large", "more than 4 GiB of input", at: 0)
    }
    var input = input
    var output: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 64 << 10)
    let size = chunk.count
    // zlib keeps a pointer into the input between calls, so its buffer is pinned around the whole loop.
    let end: Result<[UInt8], DecodingFailure> = unsafe input.withUnsafeMutableBufferPointer {
      source in
      unsafe stream.pointee.next_in = source.baseAddress
      unsafe stream.pointee.avail_in = UInt32(source.count)
      while true {
        let status = unsafe chunk.withUnsafeMutableBufferPointer { target in
          unsafe stream.pointee.next_out = target.baseAddress
          unsafe stream.pointee.avail_out = UInt32(size)
          return unsafe CZlib.inflate(stream, Z_NO_FLUSH)
        }
        let produced = unsafe size - Int(stream.pointee.avail_out)
        let rest = unsafe Int(stream.pointee.avail_in)
        let offset = source.count - rest
        guard output.count + produced <= limit else {
          return .failure(
            DecodingFailure(
              "import.deflate.too-large", "the data unfolds to more than \(limit) bytes",
              at: offset))
        }
        output.append(contentsOf: chunk[..<produced])
        switch status {
        case Z_STREAM_END:
          guard rest == 0 else {
            return .failure(
              DecodingFailure(
                "import.deflate.malformed", "\(rest) bytes follow the end of the deflate data",
                at: offset))
          }
          return .success(output)
        case Z_OK where produced > 0 || rest > 0: continue
        default:
          let message =
            status == Z_DATA_ERROR
            ? "the deflate data is damaged" : "the deflate data ends too early"
          return .failure(DecodingFailure("import.deflate.malformed", message, at: offset))
        }
      }
    }
    return try end.get()
  }
}
