/// What lines become, by the protocol that a label, an attribute or the product file names.
extension BindingTable {
  /// A protocol with the words by which drawings name it.
  public struct ProtocolRow: Sendable, Hashable {
    public let row: Row
    /// As people write them; letters and digits count, case and punctuation do not.
    public let names: [String]
    /// The names as words.
    let words: [[String]]

    init(_ row: Row, names: [String]) {
      self.row = row
      self.names = names
      words = names.map(BindingTable.words)
    }
  }

  /// More special ones first where two have the same name.
  public static let protocols: [ProtocolRow] = [
    protocolRow(
      "modbus", "ModbusFlow",
      ["Modbus/TCP", "Modbus TCP", "Modbus"]),
    protocolRow(
      "dnp3", "Dnp3Flow",
      ["DNP3", "DNP 3", "DNP3 over TCP"]),
    protocolRow(
      "dnp3-secure", "Dnp3SecureFlow",
      ["DNP3-SA", "DNP3 Secure Authentication", "DNP3 SAv5"]),
    protocolRow(
      "iec-60870-5-104", "Iec104Flow",
      ["IEC 60870-5-104", "IEC 104", "IEC-104", "T104"]),
    protocolRow(
      "s7comm", "S7commFlow",
      ["S7comm", "S7 communication", "S7"]),
    protocolRow(
      "ethernet-ip", "EtherNetIpFlow",
      ["EtherNet/IP", "CIP", "EtherNet/IP CIP"]),
    protocolRow(
      "profinet", "ProfinetFlow",
      ["PROFINET", "PROFINET IO", "PROFIsafe"]),
    protocolRow(
      "bacnet", "BacnetFlow",
      ["BACnet", "BACnet/IP"]),
    protocolRow(
      "goose", "GooseFlow",
      ["GOOSE", "IEC 61850 GOOSE"]),
    protocolRow(
      "sampled-values", "SampledValuesFlow",
      ["Sampled Values", "IEC 61850-9-2", "IEC 61869-9", "SV", "SMV", "IEC 61850 SV"]),
    protocolRow(
      "mms", "MmsFlow",
      ["MMS", "IEC 61850 MMS", "IEC 61850"]),
    protocolRow(
      "opc-ua", "OpcUaFlow",
      ["OPC UA", "OPC-UA", "OPCUA"]),
    protocolRow(
      "opc-classic", "OpcClassicFlow",
      ["OPC DA", "OPC Classic", "DCOM", "OPC HDA"]),
    protocolRow(
      "mqtt", "MqttFlow",
      ["MQTT", "MQTTS", "Sparkplug"]),
    protocolRow(
      "http", "HttpFlow",
      ["HTTP", "REST"]),
    protocolRow(
      "https", "HttpsFlow",
      ["HTTPS", "TLS", "WSS", "HTTP over TLS"]),
    protocolRow(
      "remote-desktop", "RemoteDesktopFlow",
      ["RDP", "VNC", "TeamViewer", "Remote Desktop"]),
    protocolRow(
      "ssh", "SshFlow",
      ["SSH", "SFTP", "SCP"]),
    protocolRow(
      "can", "CanFlow",
      ["CAN", "CAN bus", "CANopen", "J1939"]),
    protocolRow(
      "rs-485", "Rs485Flow",
      ["RS-485", "RS485", "RS-232", "RS232", "Modbus RTU", "PROFIBUS", "Modbus/RTU"]),
    protocolRow(
      "hart", "HartFlow",
      ["HART"]),
    protocolRow(
      "io-link", "IoLinkFlow",
      ["IO-Link"]),
    protocolRow(
      "serial-console", "SerialConsoleFlow",
      ["UART", "serial console", "serial"]),
    protocolRow(
      "usb", "UsbFlow",
      ["USB"]),
    protocolRow(
      "analog-loop", "AnalogFlow",
      ["4-20 mA", "0-10 V", "4–20 mA", "thermocouple", "pulse", "current loop"]),
    protocolRow(
      "wireless-hart", "WirelessHartFlow",
      ["WirelessHART", "ISA100", "ISA100.11a"]),
    protocolRow(
      "lorawan", "LorawanFlow",
      ["LoRaWAN", "LoRa"]),
    protocolRow(
      "bluetooth", "BluetoothFlow",
      ["Bluetooth", "Bluetooth LE", "BLE"]),
    protocolRow(
      "radio", "RadioFlow",
      ["radio", "wireless"]),
    protocolRow(
      "bus", "BusFlow",
      ["fieldbus", "bus"]),
    protocolRow(
      "network", "NetworkFlow",
      ["Ethernet", "TCP", "UDP", "TCP/IP", "IP", "VLAN", "SMB", "FTP", "SNMP", "NTP"]),
  ]

  /// The protocol that `text` names: of all names in it that stand as whole words, the longest; of several the
  /// first in the text. `nil` where it names none.
  public static func protocolRow(namedIn text: String) -> ProtocolRow? {
    let said = words(text)
    var best: (length: Int, place: Int, row: ProtocolRow)?
    for row in protocols {
      for name in row.words {
        guard let place = position(of: name, in: said) else { continue }
        if let known = best, (-known.length, known.place) <= (-name.count, place) { continue }
        best = (name.count, place, row)
      }
    }
    return best?.row
  }

  private static func position(of name: [String], in words: [String]) -> Int? {
    guard !name.isEmpty, words.count >= name.count else { return nil }
    return (0...(words.count - name.count)).first { start in
      words[start..<(start + name.count)].elementsEqual(name)
    }
  }

  /// Runs of letters and digits in lower case.
  static func words(_ text: String) -> [String] {
    text.lowercased().split { !($0.isLetter || $0.isNumber) }.map(String.init)
  }

  private static func protocolRow(
    _ id: String, _ asset: String, _ names: [String]
  ) -> ProtocolRow {
    ProtocolRow(
      Row("protocol/\(id)", "line that names " + names.joined(separator: ", "), asset),
      names: names)
  }
}
