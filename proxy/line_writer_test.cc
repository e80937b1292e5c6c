#include "proxy/line_writer.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <csignal>
#include <fstream>
#include <string>
#include <thread>
#include <vector>

namespace arbstr::proxy {
namespace {

constexpr std::chrono::seconds kEnough{20};

std::string Gap(uint64_t lines) { return std::to_string(lines) + " lost\n"; }

class LineWriterTest : public testing::Test {
 protected:
  void SetUp() override { ASSERT_EQ(::pipe2(pipe_.data(), O_CLOEXEC), 0); }
  void TearDown() override {
    CloseWriteEnd();
    ::close(pipe_[0]);
  }
  int write_end() const { return pipe_[1]; }
  void CloseWriteEnd() {
    if (pipe_[1] >= 0) ::close(std::exchange(pipe_[1], -1));
  }
  std::string ReadSome() {
    std::string some(65536, '\0');
    const ssize_t bytes = ::read(pipe_[0], some.data(), some.size());
    some.resize(bytes > 0 ? static_cast<size_t>(bytes) : 0);
    return some;
  }
  // What was written until the write end is closed.
  std::string ReadAll() {
    CloseWriteEnd();
    std::string all;
    for (std::string some; !(some = ReadSome()).empty();) all += some;
    return all;
  }
  // The pipe is full: a write to it waits for a reader.
  size_t Fill() {
    ::fcntl(write_end(), F_SETFL, O_NONBLOCK);
    const std::string block(4096, '.');
    size_t filled = 0;
    for (ssize_t bytes = 0; (bytes = ::write(write_end(), block.data(), block.size())) > 0;) {
      filled += static_cast<size_t>(bytes);
    }
    ::fcntl(write_end(), F_SETFL, 0);
    return filled;
  }

 private:
  std::array<int, 2> pipe_{-1, -1};
};

TEST_F(LineWriterTest, LinesComeInTheirOrderAndAllOfThem) {
  LineWriter writer(write_end(), 1 << 20, Gap);
  std::string expected;
  for (int i = 0; i < 1000; ++i) {
    const std::string line = "line " + std::to_string(i) + "\n";
    writer.Append(line);
    expected += line;
  }
  EXPECT_TRUE(writer.Stop(kEnough));
  EXPECT_EQ(ReadAll(), expected);
}

TEST_F(LineWriterTest, ALineIsWrittenWithoutAnotherOneBehindIt) {
  LineWriter writer(write_end(), 1 << 20, Gap);
  for (const std::string line : {"first\n", "second\n"}) {
    writer.Append(line);
    EXPECT_EQ(ReadSome(), line);
  }
  EXPECT_TRUE(writer.Stop(kEnough));
}

TEST_F(LineWriterTest, ADescriptorThatOthersMadeNonBlockingLosesNoLine) {
  Fill();
  ::fcntl(write_end(), F_SETFL, O_NONBLOCK);
  LineWriter writer(write_end(), 1 << 20, Gap);
  writer.Append("kept\n");
  EXPECT_FALSE(writer.Stop(2 * LineWriter::kGather)) << "nobody reads";
  std::string read;
  while (!read.ends_with("kept\n")) {
    const std::string some = ReadSome();
    ASSERT_FALSE(some.empty());
    read += some;
  }
  EXPECT_TRUE(writer.Stop(kEnough));
}

TEST_F(LineWriterTest, LinesOfSeveralThreadsAreNotMixed) {
  LineWriter writer(write_end(), 1 << 20, Gap);
  std::vector<std::thread> threads;
  for (char name = 'a'; name < 'e'; ++name) {
    threads.emplace_back([&writer, name] {
      for (int i = 0; i < 500; ++i) writer.Append(std::string(20, name) + "\n");
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_TRUE(writer.Stop(kEnough));
  const std::string all = ReadAll();
  ASSERT_EQ(all.size(), 4 * 500 * 21u);
  for (size_t at = 0; at < all.size(); at += 21) {
    EXPECT_EQ(all.substr(at, 21), std::string(20, all[at]) + "\n");
  }
}

TEST_F(LineWriterTest, WhatNobodyReadsIsDroppedNotWaitedForAndTheGapIsToldOf) {
  const size_t filled = Fill();
  LineWriter writer(write_end(), 100, Gap);
  // The writer takes these, and is then held up by the pipe.
  for (int i = 0; i < 1000; ++i) writer.Append("0123456789012345678\n");
  EXPECT_FALSE(writer.Stop(std::chrono::milliseconds(1)));
  size_t read = 0;
  while (read < filled) read += ReadSome().size();
  EXPECT_TRUE(writer.Stop(kEnough));
  const size_t more = ReadAll().size() + read - filled;
  EXPECT_GE(more, 20u);
  EXPECT_LE(more, 1000 * 20u);
}

TEST_F(LineWriterTest, AGapIsToldOfWithoutAnotherLineBehindIt) {
  const size_t filled = Fill();
  LineWriter writer(write_end(), 100, Gap);
  for (int i = 0; i < 1000; ++i) writer.Append("0123456789012345678\n");
  size_t read = 0;
  while (read < filled) read += ReadSome().size();
  std::string rest;
  while (!rest.ends_with("lost\n")) rest += ReadSome();
  EXPECT_TRUE(writer.Stop(kEnough));
}

// A limit of the process on the size of files stands for the disk's.
TEST_F(LineWriterTest, WhatAFullDiskDoesNotTakeIsToldOfOnALineOfItsOwn) {
  const std::string path = testing::TempDir() + "/full.log";
  const int file = ::open(path.c_str(), O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC, 0600);
  ASSERT_GE(file, 0);
  rlimit usual{};
  ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &usual), 0);
  std::signal(SIGXFSZ, SIG_IGN);
  rlimit full = usual;
  full.rlim_cur = 2 * 7 + 3;
  uint64_t gaps = 0;
  {
    LineWriter writer(file, 1 << 20, [&gaps](uint64_t lines) {
      ++gaps;
      return Gap(lines);
    });
    ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &full), 0);
    for (int i = 0; i < 5; ++i) writer.Append("line " + std::to_string(i) + "\n");
    // Each of these that tells of the gap has come behind an attempt that failed.
    const auto until = std::chrono::steady_clock::now() + kEnough;
    int more = 0;
    for (; gaps < 2 && std::chrono::steady_clock::now() < until; ++more) {
      writer.Append("lost\n");
      std::this_thread::yield();
    }
    ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &usual), 0);
    writer.Append("again\n");
    EXPECT_TRUE(writer.Stop(kEnough));
    std::ifstream written(path);
    std::vector<std::string> lines;
    for (std::string line; std::getline(written, line);) lines.push_back(line);
    ASSERT_GE(lines.size(), 5u);
    EXPECT_EQ(lines[0] + lines[1] + lines[2], "line 0line 1lin");
    EXPECT_EQ(lines.back(), "again");
    uint64_t told = 0, written_after_all = 0;
    for (size_t i = 3; i + 1 < lines.size(); ++i) {
      if (lines[i] == "lost")
        ++written_after_all;
      else
        told += std::stoull(lines[i]);
    }
    EXPECT_EQ(told + written_after_all, 3 + static_cast<uint64_t>(more));
  }
  ::close(file);
}

TEST_F(LineWriterTest, WhatIsDroppedLastIsToldOfAtTheEnd) {
  LineWriter writer(write_end(), 100, Gap);
  writer.Append(std::string(200, 'x') + "\n");
  EXPECT_TRUE(writer.Stop(kEnough));
  EXPECT_EQ(ReadAll(), "1 lost\n");
}

TEST_F(LineWriterTest, TheLineBehindDroppedOnesHasTheGapsLineBeforeIt) {
  LineWriter writer(write_end(), 100, Gap);
  writer.Append(std::string(200, 'x') + "\n");
  writer.Append(std::string(200, 'y') + "\n");
  writer.Append("kept\n");
  EXPECT_TRUE(writer.Stop(kEnough));
  EXPECT_EQ(ReadAll(), "2 lost\nkept\n");
}

TEST_F(LineWriterTest, ABrokenDescriptorLosesItsLinesAndNothingElse) {
  LineWriter writer(-1, 1 << 20, Gap);
  writer.Append("lost\n");
  EXPECT_TRUE(writer.Stop(kEnough));
}

}  // namespace
}  // namespace arbstr::proxy
