#include "proxy/config/no_proxy.h"

#include <algorithm>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/network_v4.hpp>
#include <boost/asio/ip/network_v6.hpp>
#include <optional>

#include "proxy/config/host.h"
#include "proxy/http/ascii.h"

namespace arbstr::proxy {
namespace {

namespace ip = boost::asio::ip;

constexpr std::string_view kBetween = ", \t\r\n";

std::optional<ip::address> Address(std::string_view text) {
  boost::system::error_code error;
  const ip::address address = ip::make_address(std::string(text), error);
  if (error) return std::nullopt;
  return address;
}

// Lower case, without the dot that ends an absolute name.
std::string Name(std::string_view text) {
  if (text.ends_with('.')) text.remove_suffix(1);
  return ToLower(text);
}

bool IsInNetwork(std::string_view network, const ip::address& address) {
  boost::system::error_code error;
  if (address.is_v4()) {
    const auto v4 = ip::make_network_v4(std::string(network), error);
    return !error && ip::make_network_v4(address.to_v4(), v4.prefix_length()).canonical() == v4.canonical();
  }
  const auto v6 = ip::make_network_v6(std::string(network), error);
  return !error && ip::make_network_v6(address.to_v6(), v6.prefix_length()).canonical() == v6.canonical();
}

// Takes the ":PORT" off an entry, or the brackets off an IPv6 address. False: it is another port's, or none.
bool TakePort(std::string_view& entry, std::uint16_t port) {
  const std::size_t bracket = entry.starts_with('[') ? entry.find(']') : 0;
  if (bracket == entry.npos) return false;
  const std::size_t colon = entry.find(':', bracket);
  const bool is_ipv6 = bracket == 0 && colon != entry.npos && entry.find(':', colon + 1) != entry.npos;
  if (colon != entry.npos && !is_ipv6) {
    if (ParsePort(entry.substr(colon + 1)) != port) return false;
    entry = entry.substr(0, colon);
  }
  if (bracket > 0) {
    if (!entry.ends_with(']')) return false;
    entry = entry.substr(1, entry.size() - 2);
  }
  return true;
}

bool Matches(std::string_view entry, const std::string& host, std::uint16_t port) {
  if (entry == "*") return true;
  const auto address = Address(host);
  if (entry.find('/') != entry.npos) return address && IsInNetwork(entry, *address);
  if (!TakePort(entry, port)) return false;
  if (address) return Address(entry) == address;
  if (entry.starts_with("*.")) entry.remove_prefix(1);
  if (entry.starts_with('.')) entry.remove_prefix(1);
  const std::string name = Name(host), exempt = Name(entry);
  return !exempt.empty() && (name == exempt || name.ends_with("." + exempt));
}

}  // namespace

bool IsExemptFromProxy(std::string_view list, const std::string& host, std::uint16_t port) {
  while (true) {
    list.remove_prefix(std::min(list.find_first_not_of(kBetween), list.size()));
    if (list.empty()) return false;
    const std::string_view entry = list.substr(0, list.find_first_of(kBetween));
    if (Matches(entry, host, port)) return true;
    list.remove_prefix(entry.size());
  }
}

}  // namespace arbstr::proxy
