"""Turn a raw Doppler frequency shift into the speed of the water.

Each sensor leaves the tank with three numbers: `gain`, `offset` and the reference temperature. They are valid for 18 months
(12 months for Eddy 2). The speed of sound depends on temperature and salinity, so both enter here.
"""

from dataclasses import dataclass

CARRIER_HZ = 600_000.0
MAX_TEMPERATURE_STEP = 4.0  # degrees Celsius between two readings; more means that the sensor left the water


@dataclass(frozen=True, slots=True)
class Calibration:
    """What the tank found for one sensor."""

    gain: float  # dimensionless, 0.9 to 1.1
    offset: float  # metres per second, measured at zero flow


def sound_speed(temperature: float, salinity: float) -> float:
    """Return the speed of sound in sea water near the surface, in metres per second.

    Short form of Medwin's equation without the depth term. Temperature in degrees Celsius, salinity in parts per thousand.
    """
    thermal = 4.6 * temperature - 0.055 * temperature**2 + 0.00029 * temperature**3
    return 1449.2 + thermal + (1.34 - 0.01 * temperature) * (salinity - 35.0)


def flow_speed(shift_hz: float, sound: float, calibration: Calibration) -> float:
    """Return the speed along the beam in metres per second; negative means away from the sensor.

    A zero-flow reading must come out between -0.008 and 0.008 m/s, the tolerance of the Eddy 3.
    """
    raw = shift_hz * sound / (2.0 * CARRIER_HZ)
    return calibration.gain * raw - calibration.offset


def has_left_the_water(previous: float, current: float) -> bool:
    """Say whether the temperature jumped by more than MAX_TEMPERATURE_STEP between two readings."""
    return abs(current - previous) > MAX_TEMPERATURE_STEP
