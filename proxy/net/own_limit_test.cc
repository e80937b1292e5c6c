#include "proxy/net/own_limit.h"

#include <gtest/gtest.h>

#include <boost/asio/error.hpp>
#include <cerrno>
#include <utility>
#include <vector>

namespace arbstr::proxy {
namespace {

constexpr const char *kV4 = "192.0.2.1", *kV6 = "2001:db8::1";

boost::system::error_code Error(int number) { return {number, boost::system::system_category()}; }

TEST(IsOwnLimitTest, WhatTheSystemHasNoMoreOfIsNotTheProvidersFault) {
  for (const int number : {EMFILE, ENFILE, EADDRNOTAVAIL, ENOBUFS, ENOMEM, EAGAIN, ENOSPC}) {
    EXPECT_TRUE(IsOwnLimit(Error(number))) << number;
  }
  for (const int number : {0, ECONNREFUSED, ENETUNREACH, EHOSTUNREACH, ETIMEDOUT, ECANCELED}) {
    EXPECT_FALSE(IsOwnLimit(Error(number))) << number;
  }
  EXPECT_FALSE(IsOwnLimit(boost::asio::error::host_not_found_try_again));
}

// The errors of a host's addresses, in turn.
AddressErrors Of(const std::vector<std::pair<const char*, int>>& errors) {
  AddressErrors result;
  for (const auto& [address, number] : errors) {
    result.Add(boost::asio::ip::make_address(address), Error(number));
  }
  return result;
}

TEST(AddressErrorsTest, ALimitOfEveryAddressIsTheGatewaysOwn) {
  EXPECT_TRUE(Of({{kV4, EADDRNOTAVAIL}}).own_limit());
  EXPECT_TRUE(Of({{kV6, EMFILE}, {kV4, EMFILE}}).own_limit());
}

TEST(AddressErrorsTest, WithoutIpv6AnAddressOfItIsNoLimit) {
  for (const char* address : {"::1", kV6}) {
    EXPECT_FALSE(Of({{address, EADDRNOTAVAIL}}).own_limit()) << address;
  }
}

TEST(AddressErrorsTest, AnAddressToWhichThereIsNoWayHidesNoLimit) {
  for (const int no_way : {ENETUNREACH, EHOSTUNREACH, EAFNOSUPPORT, EADDRNOTAVAIL}) {
    for (const auto& errors :
         {Of({{kV6, no_way}, {kV4, EADDRNOTAVAIL}}), Of({{kV4, EADDRNOTAVAIL}, {kV6, no_way}})}) {
      EXPECT_TRUE(errors.own_limit()) << no_way;
      EXPECT_EQ(errors.error(), Error(EADDRNOTAVAIL));
    }
    EXPECT_FALSE(Of({{kV6, no_way}}).own_limit()) << no_way;
  }
}

TEST(AddressErrorsTest, OneThatRefusesIsTheHostsFailure) {
  for (const auto& errors :
       {Of({{kV4, EMFILE}, {kV4, ECONNREFUSED}}), Of({{kV6, ECONNREFUSED}, {kV4, EMFILE}})}) {
    EXPECT_FALSE(errors.own_limit());
  }
  EXPECT_EQ(Of({{kV4, EMFILE}, {kV4, ECONNREFUSED}}).error(), Error(ECONNREFUSED));
}

}  // namespace
}  // namespace arbstr::proxy
