/** LINKTYPE_ names by number, those met in practice. Registry: tcpdump.org/linktypes.html, read November 2026. */
const linkTypeNames = new Map<number, string>([
  [0, "NULL"],
  [1, "ETHERNET"],
  [6, "IEEE802_5"],
  [8, "SLIP"],
  [9, "PPP"],
  [10, "FDDI"],
  [50, "PPP_HDLC"],
  [51, "PPP_ETHER"],
  [101, "RAW"],
  [104, "C_HDLC"],
  [105, "IEEE802_11"],
  [107, "FRELAY"],
  [108, "LOOP"],
  [113, "LINUX_SLL"],
  [114, "LTALK"],
  [117, "PFLOG"],
  [119, "IEEE802_11_PRISM"],
  [127, "IEEE802_11_RADIOTAP"],
  [147, "USER0"],
  [149, "USER2"],
  [166, "PPP_PPPD"],
  [187, "BLUETOOTH_HCI_H4"],
  [189, "USB_LINUX"],
  [192, "PPI"],
  [195, "IEEE802_15_4_WITHFCS"],
  [204, "PPP_WITH_DIR"],
  [220, "USB_LINUX_MMAPPED"],
  [228, "IPV4"],
  [229, "IPV6"],
  [239, "NFLOG"],
  [249, "USBPCAP"],
  [252, "WIRESHARK_UPPER_PDU"],
  [253, "NETLINK"],
  [258, "PKTAP"],
  [276, "LINUX_SLL2"],
]);

/** The registered name of a LINKTYPE_ value without its prefix, or `LINKTYPE 4711`. */
export function linkTypeName(linkType: number): string {
  return linkTypeNames.get(linkType) ?? `LINKTYPE ${linkType}`;
}
