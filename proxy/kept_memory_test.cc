#include "proxy/kept_memory.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <deque>
#include <random>
#include <thread>
#include <utility>
#include <vector>

namespace arbstr::proxy {
namespace {

TEST(KeptMemoryTest, PiecesInUseNeverOverlap) {
  const unsigned seed = std::random_device{}();
  SCOPED_TRACE(testing::Message() << "seed " << seed);
  std::mt19937 random(seed);
  struct Piece {
    unsigned char* memory;
    std::size_t size;
    unsigned char mark;
  };
  std::deque<Piece> in_use;
  const auto give_back = [&] {
    const Piece piece = in_use.front();
    in_use.pop_front();
    for (std::size_t i = 0; i < piece.size; ++i) ASSERT_EQ(piece.memory[i], piece.mark);
    KeptMemory::GiveBack(piece.memory, piece.size);
  };
  for (int i = 0; i < 20'000; ++i) {
    const std::size_t size = random() % 5000;  // the largest kept and beyond
    const auto mark = static_cast<unsigned char>(i);
    auto* const memory = static_cast<unsigned char*>(KeptMemory::Take(size));
    std::memset(memory, mark, size);
    in_use.push_back({memory, size, mark});
    while (in_use.size() > random() % 300) give_back();
  }
  while (!in_use.empty()) give_back();
}

// Under AddressSanitizer nothing is kept.
#ifndef __SANITIZE_ADDRESS__
TEST(KeptMemoryTest, WhatWasGivenBackLastIsTakenFirst) {
  void* const first = KeptMemory::Take(500);
  void* const second = KeptMemory::Take(500);
  KeptMemory::GiveBack(first, 500);
  KeptMemory::GiveBack(second, 500);
  EXPECT_EQ(KeptMemory::Take(497), second) << "the same multiple of 16";
  EXPECT_EQ(KeptMemory::Take(512), first);
  KeptMemory::GiveBack(first, 500);
  KeptMemory::GiveBack(second, 500);
}
#endif

TEST(KeptMemoryTest, AThreadMayGiveBackWhatAnotherTookAndKeepsIt) {
  std::vector<void*> taken, again;
  for (int i = 0; i < 100; ++i) taken.push_back(KeptMemory::Take(500));
  std::thread([&] {
    for (void* memory : taken) KeptMemory::GiveBack(memory, 500);
    for (int i = 0; i < 100; ++i) again.push_back(KeptMemory::Take(500));
  }).join();
#ifndef __SANITIZE_ADDRESS__  // as above
  std::ranges::reverse(taken);
  EXPECT_EQ(again, taken);
#endif
  for (void* memory : again) KeptMemory::GiveBack(memory, 500);
}

}  // namespace
}  // namespace arbstr::proxy
