"""What `flywheel doctor` looks at, one file for each part of an installation; `bot.checkup` runs them all."""
