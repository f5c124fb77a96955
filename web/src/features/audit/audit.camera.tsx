import { Button } from '@mantine/core'
import Camera from 'lucide-react/icons/camera'
import CameraOff from 'lucide-react/icons/camera-off'
import { useEffect, useRef, useState } from 'react'
import { say } from '../../language/say.ts'
import classes from './audit.module.css'

// Browsers on phones have it; the library of types does not know it yet.
type Detector = {
  readonly detect: (source: HTMLVideoElement) => Promise<readonly { readonly rawValue: string }[]>
}
type Detectors = { readonly BarcodeDetector?: new () => Detector }

// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- asked whether it is there before it is used
const detectors = globalThis as Detectors

const lookEveryMilliseconds = 150
/** A label that stays in sight is one scan; out of sight for this long, it may be meant again. */
const forgetMilliseconds = 2500

/** Scans with the camera where the browser can read barcodes; draws nothing elsewhere. */
export const CameraScan = ({ onScan }: { readonly onScan: (text: string) => void }) => {
  const [isOn, setOn] = useState(false)
  const [failed, setFailed] = useState(false)
  if (detectors.BarcodeDetector === undefined || !('mediaDevices' in navigator)) return null
  return (
    <div className={classes['camera']}>
      <Button
        variant="default"
        fullWidth
        leftSection={isOn ? <CameraOff size={16} aria-hidden /> : <Camera size={16} aria-hidden />}
        onClick={() => {
          setFailed(false)
          setOn(!isOn)
        }}
      >
        {say(isOn ? 'audit.cameraOff' : 'audit.camera')}
      </Button>
      {isOn && (
        <Seeing
          onScan={onScan}
          onFail={() => {
            setOn(false)
            setFailed(true)
          }}
        />
      )}
      {failed && (
        <p role="alert" className={classes['warned']}>
          {say('audit.cameraFailed')}
        </p>
      )}
    </div>
  )
}

const Seeing = ({
  onScan,
  onFail,
}: {
  readonly onScan: (text: string) => void
  readonly onFail: () => void
}) => {
  const video = useRef<HTMLVideoElement>(null)
  const latest = useRef({ onScan, onFail })
  useEffect(() => {
    latest.current = { onScan, onFail }
  })
  useEffect(() => {
    const stopped = new AbortController()
    const look = async (): Promise<void> => {
      const stream = await navigator.mediaDevices.getUserMedia({
        video: { facingMode: 'environment', width: { ideal: 1280 } },
      })
      const stop = (): void => {
        for (const track of stream.getTracks()) track.stop()
      }
      const { current: shown } = video
      const { BarcodeDetector } = detectors
      if (stopped.signal.aborted || shown === null || BarcodeDetector === undefined) {
        stop()
        return
      }
      stopped.signal.addEventListener('abort', stop)
      shown.srcObject = stream
      await shown.play()
      const detector = new BarcodeDetector()
      const inSight = new Map<string, number>()
      while (!stopped.signal.aborted) {
        const found = shown.readyState < 2 ? [] : await detector.detect(shown)
        const now = performance.now()
        for (const [text, at] of inSight) if (now - at > forgetMilliseconds) inSight.delete(text)
        for (const { rawValue } of found) {
          if (rawValue !== '' && !inSight.has(rawValue)) {
            navigator.vibrate?.(40)
            latest.current.onScan(rawValue)
          }
          inSight.set(rawValue, now)
        }
        await new Promise((resolve) => setTimeout(resolve, lookEveryMilliseconds))
      }
    }
    look().catch(() => {
      if (!stopped.signal.aborted) latest.current.onFail()
    })
    return () => stopped.abort()
  }, [])
  return (
    <video ref={video} muted playsInline className={classes['video']} aria-label={say('audit.cameraShown')} />
  )
}
