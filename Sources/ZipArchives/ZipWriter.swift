import CLibArchive

/// Writes a zip archive in memory: the same members give the same bytes, whatever the clock and the zone.
package enum ZipWriter {
  /// The archive of `members` in their order, deflated, without time stamps; `nil` where there is no
  /// memory for it.
  package static func archive(_ members: [(name: String, bytes: [UInt8])]) -> [UInt8]? {
    guard let handle = unsafe archive_write_new() else { return nil }
    defer { _ = unsafe archive_write_free(handle) }
    guard unsafe archive_write_set_format_zip(handle) == ARCHIVE_OK,
      unsafe archive_write_zip_set_compression_deflate(handle) == ARCHIVE_OK,
      unsafe archive_write_set_bytes_in_last_block(handle, 1) == ARCHIVE_OK
    else { return nil }
    // Deflate adds at most a few bytes for each stored block of 16 KiB; headers repeat the name.
    let capacity = members.reduce(1 << 12) {
      $0 + $1.bytes.count + $1.bytes.count / 1_024 + 2 * $1.name.utf8.count + 1_024
    }
    var output = [UInt8](repeating: 0, count: capacity)
    var used = 0
    let isWritten = unsafe output.withUnsafeMutableBytes { buffer in
      guard
        unsafe archive_write_open_memory(handle, buffer.baseAddress, buffer.count, &used)
          == ARCHIVE_OK,
        members.allSatisfy({ unsafe write($0.name, $0.bytes, to: handle) })
      else { return false }
      return unsafe archive_write_close(handle) == ARCHIVE_OK
    }
    return isWritten ? Array(output[..<used]) : nil
  }

  private static func write(_ name: String, _ bytes: [UInt8], to handle: OpaquePointer) -> Bool {
    guard let entry = unsafe archive_entry_new() else { return false }
    defer { unsafe archive_entry_free(entry) }
    unsafe archive_entry_set_pathname(entry, name)
    unsafe archive_entry_set_size(entry, Int64(bytes.count))
    unsafe archive_entry_set_mode(entry, 0o100644)
    guard unsafe archive_write_header(handle, entry) == ARCHIVE_OK else { return false }
    var offset = 0
    while offset < bytes.count {
      let written = unsafe bytes[offset...].withUnsafeBytes {
        unsafe archive_write_data(handle, $0.baseAddress, $0.count)
      }
      guard written > 0 else { return false }
      offset += written
    }
    return true
  }
}
